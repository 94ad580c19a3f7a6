import { createDispatch, createRouter, type Declared, type Router, type WebhookEvent } from "../discord/index.ts";
import type { Invocation } from "../invocation.ts";
import { errorFields } from "../log.ts";
import { createEventStore } from "../stores/index.ts";
import { handlers as own } from "./commands/index.ts";
import { events } from "./events/index.ts";

export interface Bot {
  answer: Router<Invocation>;
  /** Handles a webhook event, once for its key. */
  handle(event: WebhookEvent, key: string, invocation: Invocation): Promise<void>;
}

/** The bot: its commands and events, and what happens when one of them fails. */
export const createBot = (handlers: readonly Declared<Invocation>[] = own): Bot => ({
  answer: createRouter<Invocation>({
    handlers,
    onError(error, interaction, { log }) {
      const reference = crypto.randomUUID().slice(0, 8);
      log("error", "handler failed", { reference, interaction: interaction.id, ...errorFields(error) });
      return reference;
    },
    onStage({ stage, handler, outcome, ms }, interaction, { log }) {
      log("debug", "stage", { stage, handler, outcome, ms, interaction: interaction.id });
    },
  }),
  handle: createDispatch<Invocation>({
    handlers: events,
    store: ({ redis, config }) => createEventStore(() => redis.within(eventTimeoutMs), config.keyPrefix),
    onError: (error, { type }, { log }) => log("error", "event handler failed", { type, ...errorFields(error) }),
  }),
});

/** Nobody waits for what happens after the 204. */
const eventTimeoutMs = 1_500;
