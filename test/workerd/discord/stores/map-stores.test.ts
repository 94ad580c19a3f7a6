import { testAnswerStore } from "./answer-store.ts";
import { testCooldownStore } from "./cooldown-store.ts";
import { testEventStore } from "./event-store.ts";
import { createMapAnswerStore, createMapCooldownStore, createMapEventStore } from "./map-stores.ts";

testAnswerStore("a Map", () => {
  const kept = new Map();
  return { open: () => createMapAnswerStore(kept) };
});

testEventStore("a Map", () => {
  const claimed = new Map();
  return { open: () => createMapEventStore(claimed) };
});

testCooldownStore("a Map", () => {
  const uses = new Map();
  return { open: (clock) => createMapCooldownStore(uses, clock) };
});
