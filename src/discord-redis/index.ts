export { type AnswerStoreOptions, createAnswerStore } from "./answer-store.ts";
export {
  type CooldownState,
  type CooldownStoreOptions,
  createCooldownState,
  createCooldownStore,
} from "./cooldown-store.ts";
export { createEventStore, type EventStoreOptions } from "./event-store.ts";
