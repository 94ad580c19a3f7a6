import type { PubsubContext } from "./context.ts";
import type { Reader } from "./events.ts";
import type { Listener, PollResult } from "./listener.ts";
import { nextPace, type PaceOptions, pauseMs, slow } from "./pace.ts";

/** What the pump drives: a worker group or a named subscriber. */
export interface Follower {
  readonly reader: Reader;
  /** `end` is where the bus ends, as far as known. */
  poll(end?: string): Promise<PollResult>;
  /** Acknowledges what is done. */
  flush?(): Promise<void>;
  /** Takes over what was abandoned, when it is time. */
  claim?(): Promise<PollResult>;
  claimDueAt?(): number;
}

export interface PumpOptions extends PaceOptions {
  /** When to stop, in epoch milliseconds. */
  deadline: number;
  /** Commands to Redis, each of which is one subrequest at most. What handlers send is not counted. */
  maxRequests?: number;
  /** Stops it at once; what is done is acknowledged. */
  signal?: AbortSignal;
  followers?: readonly Follower[];
}

export interface PumpResult {
  reason: "deadline" | "requests" | "aborted" | "busy";
  delivered: number;
  commands: number;
}

/** One poll after another, at a pace that outlives the run: a cron tick of an idle deployment goes on slowly. */
export interface Steps {
  /**
   * Asks whether the bus has moved, and only then the followers. 1/1 when nothing came. Says whether more is waiting; never
   * throws.
   */
  step(): Promise<{ delivered: number; hasMore: boolean }>;
  /** Acknowledges what is done. */
  flush(): Promise<void>;
}

export function createSteps(context: PubsubContext, listener: Listener, followers: readonly Follower[]): Steps {
  const { clock, state } = context;
  const { pump } = state;

  async function attempt(reader: Reader, work: () => Promise<PollResult | void>): Promise<PollResult | undefined> {
    try {
      return (await work()) ?? { delivered: 0, hasMore: false };
    } catch (error) {
      context.report({ type: "poll-failed", reader, error });
      return undefined;
    }
  }

  async function follow(follower: Follower): Promise<(PollResult | undefined)[]> {
    const end = listener.state.cursor?.id;
    const isClaimDue = follower.claim && clock.now() >= (follower.claimDueAt?.() ?? 0);
    const results: (PollResult | undefined)[] = [];
    if (end === undefined || pump.readUpTo.get(follower.reader) !== end) {
      const result = await attempt(follower.reader, () => follower.poll(end));
      if (result && !result.hasMore && !result.isHeld && end !== undefined) pump.readUpTo.set(follower.reader, end);
      results.push(result);
    }
    if (isClaimDue) results.push(await attempt(follower.reader, async () => follower.claim?.()));
    return results;
  }

  const flush = () =>
    Promise.all(followers.map((follower) => attempt(follower.reader, async () => follower.flush?.())));

  return {
    async step() {
      const from = listener.state.cursor?.id;
      const [polled] = await Promise.all([attempt("listener pump", () => listener.poll()), flush()]);
      const results = [polled, ...(await Promise.all(followers.map(follow))).flat()];
      const hasMoved = listener.state.cursor?.id !== from;
      if (hasMoved) pump.movedAt = clock.now();
      pump.pace = nextPace(pump.pace ?? slow, from !== undefined && hasMoved);
      return {
        delivered: results.reduce((sum, result) => sum + (result?.delivered ?? 0), 0),
        hasMore: results.some((result) => result?.hasMore === true),
      };
    },
    flush: async () => void (await flush()),
  };
}

/** What a pump with other duties does for the bus. */
export interface BusDuty {
  /** Polls if it is time to; says when it is the next time, in epoch milliseconds. 1/1 when nothing came, 0 when it is not. */
  run(): Promise<number>;
  /** Acknowledges what is done. */
  end(): Promise<void>;
}

export function createBusDuty(
  context: PubsubContext,
  listener: Listener,
  { followers = [], ...pace }: PaceOptions & { followers?: readonly Follower[] },
): BusDuty {
  const { clock, state } = context;
  const steps = createSteps(context, listener, followers);
  return {
    async run() {
      if (clock.now() < state.pump.nextAt) return state.pump.nextAt;
      const { hasMore } = await steps.step();
      const pause = hasMore ? 0 : pauseMs(state.pump.pace ?? slow, context.clock.random(), pace);
      return (state.pump.nextAt = clock.now() + pause);
    },
    end: steps.flush,
  };
}

/** Kept back for acknowledgements at the end. */
const reserve = 4;

/**
 * Polls until its deadline: often after something came, ever less when nothing does. One command asks whether the bus has
 * moved; only then are the followers asked.
 */
export async function runPump(
  context: PubsubContext,
  listener: Listener,
  { deadline, maxRequests = 1_000, signal, followers = [], slowMs = 20_000, ...pace }: PumpOptions,
): Promise<PumpResult> {
  const { clock, state } = context;
  const { pump } = state;
  if (clock.now() < pump.runningUntil) return { reason: "busy", delivered: 0, commands: 0 };
  pump.runningUntil = deadline;
  const steps = createSteps(context, listener, followers);
  const before = state.commands;
  const used = () => state.commands - before;
  let delivered = 0;

  /** When what is left of the budget is needed to go on at all until the deadline. */
  const isScarce = (leftMs: number) =>
    maxRequests - used() - reserve <= Math.ceil(leftMs / slowMs) * (1 + followers.length);

  let reason: PumpResult["reason"] | undefined;
  try {
    while (reason === undefined) {
      // A cron tick goes on where the last one stopped.
      const waitMs = Math.min(pump.nextAt, deadline) - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      if (signal?.aborted) reason = "aborted";
      else if (clock.now() >= deadline) reason = "deadline";
      else if (used() >= maxRequests - reserve) reason = "requests";
      if (reason !== undefined) break;
      const result = await steps.step();
      delivered += result.delivered;
      const isSlow = isScarce(deadline - clock.now());
      const pause = isSlow ? slowMs : pauseMs(pump.pace ?? slow, context.clock.random(), { ...pace, slowMs });
      pump.nextAt = result.hasMore ? clock.now() : clock.now() + pause;
    }
  } finally {
    await steps.flush();
    pump.runningUntil = 0;
  }
  return { reason: reason ?? "deadline", delivered, commands: used() };
}
