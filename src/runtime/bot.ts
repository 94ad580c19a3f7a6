import { createDispatch, createRouter, type Router, type WebhookEvent } from "../discord/index.ts";
import { createAnswerStore, createCooldownStore, createEventStore } from "../discord-redis/index.ts";
import { explainFailure } from "./failures.ts";
import type { FeatureIndex } from "./feature-index.ts";
import type { Invocation } from "./invocation.ts";
import { errorFields } from "./log.ts";

/** A bot: what its features answer and do. */
export interface Bot {
  answer: Router<Invocation>;
  /** Handles a webhook event, once for its key. */
  handle(event: WebhookEvent, key: string, services: Invocation): Promise<void>;
}

/** Builds router and event dispatch from what the features bring. Throws a `DeclarationError` for what cannot work. */
export function createBot(features: FeatureIndex): Bot {
  /** The references of failures, by the invocation that failed. */
  const references = new WeakMap<Invocation, string>();
  const answer = createRouter<Invocation>({
    handlers: features.handlers,
    answers: ({ redis, config }) => createAnswerStore({ redis: () => redis.commands, prefix: config.keyPrefix }),
    // A cooldown that cannot be read refuses no use.
    cooldowns: ({ isolate, redis, config, clock, fallbackAfterMs }) =>
      createCooldownStore({
        state: isolate.cooldowns,
        redis: () => redis.within(fallbackAfterMs),
        prefix: config.keyPrefix,
        clock,
      }),
    onError(error, interaction, services) {
      const { log } = services;
      const reference = crypto.randomUUID().slice(0, 8);
      references.set(services, reference);
      log("error", "handler failed", { reference, interaction: interaction.id, ...errorFields(error) });
      return reference;
    },
    explain: explainFailure,
    onMisfit: (reason, { id }, { log }) => log("warn", "interaction refused", { interaction: id, reason }),
    onDone(done, { id }, services) {
      const { log, measures } = services;
      const { handler: command, kind, outcome, answerMs, ms } = done;
      measures.interaction(done);
      const reference = references.get(services);
      const { commands: redisCommands, requests: redisRequests, ms: redisMs } = measures.redis;
      const fields = { interaction: id, command, kind, outcome, answerMs, ms, redisCommands, redisRequests, redisMs };
      // A person who types asks many times.
      const usual = kind === "autocomplete" ? "debug" : "info";
      log(outcome === "failed" ? "warn" : usual, "interaction", { ...fields, ...(reference && { reference }) });
    },
    onStage({ stage, handler, outcome, ms }, interaction, { log }) {
      log("debug", "stage", { stage, handler, outcome, ms, interaction: interaction.id });
    },
  });
  return {
    answer,
    handle: createDispatch<Invocation>({
      handlers: features.events,
      store: ({ redis, config }) =>
        createEventStore({ redis: () => redis.within(eventTimeoutMs), prefix: config.keyPrefix }),
      onError: (error, { type }, { log }) => log("error", "event handler failed", { type, ...errorFields(error) }),
    }),
  };
}

/** Discord has its 204 already: no person waits for a webhook event. */
const eventTimeoutMs = 1_500;
