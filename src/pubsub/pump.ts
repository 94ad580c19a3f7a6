import type { Reader } from "./events.ts";
import type { Host } from "./host.ts";
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

/** Kept back for acknowledgements at the end. */
const reserve = 4;

/**
 * Polls until its deadline: often after something came, ever less when nothing does. One command asks whether the bus has
 * moved; only then are the followers asked. Its pace outlives the run, so that cron ticks of an idle deployment go on slowly.
 */
export async function runPump(
  host: Host,
  listener: Listener,
  { deadline, maxRequests = 1_000, signal, followers = [], slowMs = 20_000, ...pace }: PumpOptions,
): Promise<PumpResult> {
  const { clock, state } = host;
  const { pump } = state;
  if (clock.now() < pump.runningUntil) return { reason: "busy", delivered: 0, commands: 0 };
  pump.runningUntil = deadline;
  const before = state.commands;
  const used = () => state.commands - before;
  let delivered = 0;

  async function attempt(reader: Reader, work: () => Promise<PollResult | void>): Promise<PollResult | undefined> {
    try {
      const result = (await work()) ?? { delivered: 0, hasMore: false };
      delivered += result.delivered;
      return result;
    } catch (error) {
      host.report({ type: "poll-failed", reader, error });
      return undefined;
    }
  }

  async function follow(follower: Follower): Promise<boolean> {
    const end = listener.state.cursor?.id;
    const isClaimDue = follower.claim && clock.now() >= (follower.claimDueAt?.() ?? 0);
    const results: (PollResult | undefined)[] = [];
    if (end === undefined || pump.readUpTo.get(follower.reader) !== end) {
      const result = await attempt(follower.reader, () => follower.poll(end));
      if (result && !result.hasMore && !result.isHeld && end !== undefined) pump.readUpTo.set(follower.reader, end);
      results.push(result);
    }
    if (isClaimDue) results.push(await attempt(follower.reader, async () => follower.claim?.()));
    return results.some((result) => result?.hasMore === true);
  }

  async function tick(): Promise<{ hasCome: boolean; hasMore: boolean }> {
    const from = listener.state.cursor?.id;
    const [polled] = await Promise.all([
      attempt("listener pump", () => listener.poll()),
      ...followers.map((follower) => attempt(follower.reader, async () => follower.flush?.())),
    ]);
    const followed = await Promise.all(followers.map(follow));
    const hasCome = from !== undefined && listener.state.cursor?.id !== from;
    return { hasCome, hasMore: polled?.hasMore === true || followed.includes(true) };
  }

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
      const { hasCome, hasMore } = await tick();
      pump.pace = nextPace(pump.pace ?? slow, hasCome);
      const leftMs = deadline - clock.now();
      const pause = isScarce(leftMs) ? slowMs : pauseMs(pump.pace, host.random(), { ...pace, slowMs });
      pump.nextAt = hasMore ? clock.now() : clock.now() + pause;
    }
  } finally {
    await Promise.all(followers.map((follower) => attempt(follower.reader, async () => follower.flush?.())));
    pump.runningUntil = 0;
  }
  return { reason: reason ?? "deadline", delivered, commands: used() };
}
