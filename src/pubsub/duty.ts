import type { PubsubContext } from "./context.ts";
import type { Reader } from "./events.ts";
import type { Listener, PollResult } from "./listener.ts";
import { nextPace, type PaceOptions, pauseMs, slow } from "./pace.ts";

/** A group of workers or a named subscriber, as the duty drives it. */
export interface Follower {
  readonly reader: Reader;
  /** Reads one page. `end` is where the bus ends, as far as known. */
  poll(end?: string): Promise<PollResult>;
  /** Acknowledges what is done. */
  flush?(): Promise<void>;
  /** Handles stale messages. */
  claim?(): Promise<PollResult>;
  /** Returns when `claim` is due, in epoch milliseconds. */
  claimDueAt?(): number;
}

export interface BusDutyOptions extends PaceOptions {
  /** Readers with a cursor of their own in Redis. Default: only the listener reads. */
  followers?: readonly Follower[];
}

/** The bus as one duty of the cron tick. */
export interface BusDuty {
  /**
   * Polls if it is due: asks whether the bus has moved, and only then the followers. Returns when it is due next, in
   * epoch milliseconds. Its pace outlives the tick, so that an idle deployment stays slow. Never throws: failures are
   * reported.
   * Cost: 1 command, 1 round trip when nothing came; 0 commands when it is not due.
   */
  run(): Promise<number>;
  /** Acknowledges what is done. Cost: 1 command per group, 1 round trip; 0 when nothing is done. */
  end(): Promise<void>;
}

export function createBusDuty(
  context: PubsubContext,
  listener: Listener,
  { followers = [], ...paceOptions }: BusDutyOptions,
): BusDuty {
  const { clock, report } = context;
  const { pacing } = context.state;

  async function attempt(reader: Reader, work: () => Promise<PollResult | void>): Promise<PollResult | undefined> {
    try {
      return (await work()) ?? { delivered: 0, hasMore: false };
    } catch (error) {
      report({ type: "poll-failed", reader, error });
      return undefined;
    }
  }

  async function follow(follower: Follower): Promise<(PollResult | undefined)[]> {
    const end = listener.state.cursor?.id;
    const isClaimDue = follower.claim && clock.now() >= (follower.claimDueAt?.() ?? 0);
    const results: (PollResult | undefined)[] = [];
    if (end === undefined || pacing.readUpTo.get(follower.reader) !== end) {
      const result = await attempt(follower.reader, () => follower.poll(end));
      if (result && !result.hasMore && !result.isHeld && end !== undefined) pacing.readUpTo.set(follower.reader, end);
      results.push(result);
    }
    if (isClaimDue) results.push(await attempt(follower.reader, async () => follower.claim?.()));
    return results;
  }

  async function flush(): Promise<void> {
    await Promise.all(followers.map((follower) => attempt(follower.reader, async () => follower.flush?.())));
  }

  /** Returns whether more is waiting. */
  async function poll(): Promise<boolean> {
    const from = listener.state.cursor?.id;
    const [polled] = await Promise.all([attempt(listener.reader, () => listener.poll()), flush()]);
    const results = [polled, ...(await Promise.all(followers.map(follow))).flat()];
    const hasMoved = listener.state.cursor?.id !== from;
    if (hasMoved) pacing.movedAt = clock.now();
    pacing.pace = nextPace(pacing.pace ?? slow, from !== undefined && hasMoved);
    return results.some((result) => result?.hasMore === true);
  }

  return {
    async run() {
      if (clock.now() < pacing.nextAt) return pacing.nextAt;
      const hasMore = await poll();
      const pause = hasMore ? 0 : pauseMs(pacing.pace ?? slow, clock.random(), paceOptions);
      return (pacing.nextAt = clock.now() + pause);
    },
    end: flush,
  };
}
