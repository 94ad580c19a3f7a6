import type { CoordinationState } from "../../src/coordination/index.ts";
import type { Clock } from "../../src/platform/index.ts";
import type { RedisCommands } from "../../src/redis/index.ts";
import type { Member } from "./fleet.ts";
import type { Random } from "./random.ts";
import type { Entry } from "./world.ts";

/** How jobs are watched in a broken variant. */
export interface Watching {
  claimMs?: number;
  /** After a look or claim that failed. */
  retryMs?: number;
  /** A tick's looks, after it began; it ends a half minute after the last. */
  looksMs?: readonly number[];
  /** The invocation that schedules a job leaves it to the ticks. */
  isLeftToTicks?: boolean;
  /** Ticks look at the start only, and are told of due times over the bus, at a place that the isolate's requests share. */
  isTold?: boolean;
}

/** A way to break the code on purpose, to see that the checkers notice. */
export interface Variant {
  name: string;
  /** Stands between the code and its door to Redis. */
  door?(redis: RedisCommands, member: Member): RedisCommands;
  /** What time the code is told. */
  clock?(clock: Clock): Clock;
  /** What a try at a job is known by to Discord. */
  nonce?(nonce: string, attempt: number): string;
  /** How jobs are watched, where it differs. */
  watching?: Watching;
  /** Whether an invocation's handlers go by the isolate's place on the bus. */
  sharesPlace?: boolean;
  /** Changes plain state as it is written. */
  state?(state: CoordinationState, member: Member): CoordinationState;
}

/** The same door with some commands put in the place of its own. */
export const replacing = (redis: RedisCommands, other: Partial<RedisCommands>): RedisCommands =>
  new Proxy(redis, { get: (target, name) => Reflect.get(other, name) ?? Reflect.get(target, name) });

/** What a run came to. */
export interface Outcome {
  /** What must never happen, and did: none for code that is right. */
  violations: string[];
  /** What a failover's lost writes explain: documented, and counted. */
  exceptions: string[];
  timeline: readonly Entry[];
  /** Durations and counts, for measurements. */
  figures: Record<string, number>;
}

/** One world, one seed. Everything in it is drawn from `random`. */
export interface Scenario {
  name: string;
  run(random: Random, variant?: Variant): Promise<Outcome>;
  variants: readonly Variant[];
}
