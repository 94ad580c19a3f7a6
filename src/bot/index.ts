import { createDispatch, createRouter, type Declared, type Router, type WebhookEvent } from "../discord/index.ts";
import type { Invocation } from "../invocation.ts";
import { errorFields } from "../log.ts";
import { createEventStore } from "../stores/index.ts";
import { handlers as own } from "./commands/index.ts";
import { events } from "./events/index.ts";
import { explainFailure } from "./failures.ts";
import { deliverNow } from "./feeds/feeds.ts";
import { isFeed } from "./feeds/topics.ts";
import { type PumpLimits, pump } from "./pump.ts";

export interface Bot {
  answer: Router<Invocation>;
  /** Handles a webhook event, once for its key. */
  handle(event: WebhookEvent, key: string, invocation: Invocation): Promise<void>;
  /** What comes at once of a message that another system published. */
  published(channel: string, invocation: Invocation): void;
  /** What is done again and again: for a cron tick. */
  pump(invocation: Invocation, limits: PumpLimits): Promise<void>;
}

/** The bot: its commands and events, and what happens when one of them fails. */
export function createBot(handlers: readonly Declared<Invocation>[] = own): Bot {
  const router = createRouter<Invocation>({
    handlers,
    onError(error, interaction, { log }) {
      const reference = crypto.randomUUID().slice(0, 8);
      log("error", "handler failed", { reference, interaction: interaction.id, ...errorFields(error) });
      return reference;
    },
    explain: explainFailure,
    onStage({ stage, handler, outcome, ms }, interaction, { log }) {
      log("debug", "stage", { stage, handler, outcome, ms, interaction: interaction.id });
    },
  });
  return {
    answer(interaction, invocation) {
      // Whoever comes by is known from then on, without asking Discord.
      if (interaction.type === 2 || interaction.type === 3) invocation.entities.learn(interaction);
      return router(interaction, invocation);
    },
    published(channel, invocation) {
      if (isFeed(channel)) invocation.waitUntil(deliverNow(invocation));
    },
    pump,
    handle: createDispatch<Invocation>({
      handlers: events,
      store: ({ redis, config }) => createEventStore(() => redis.within(eventTimeoutMs), config.keyPrefix),
      onError: (error, { type }, { log }) => log("error", "event handler failed", { type, ...errorFields(error) }),
    }),
  };
}

/** Nobody waits for what happens after the 204. */
const eventTimeoutMs = 1_500;
