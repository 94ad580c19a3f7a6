import { testAnswerStore } from "../discord/stores/answer-store.ts";
import { testCooldownStore } from "../discord/stores/cooldown-store.ts";
import { testEventStore } from "../discord/stores/event-store.ts";
import { createStores } from "./support.ts";

testAnswerStore("Redis", () => ({ open: createStores().answers }));
testEventStore("Redis", () => ({ open: createStores().events }));
testCooldownStore("Redis", () => ({ open: createStores().cooldowns }));
