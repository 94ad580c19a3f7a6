import { type Clock, systemClock } from "../platform/index.ts";
import { compareAndDelete, compareAndSwap, type RedisCommands, sendAgainIfUnknown } from "../redis/index.ts";
import { createKeys } from "./keys.ts";
import { type LeaseDurations, type LeaseTiming, leaseTiming, retryAfter } from "./timing.ts";
import { mintToken, type TokenCommands } from "./token-stream.ts";

/** A lease that is held, as plain data: it may outlive the invocation that acquired it. */
export interface Grant {
  readonly name: string;
  /** The stored value: the holder, and a part that no other acquisition has. */
  readonly value: string;
  /** The fencing token, greater than that of every holder before. A safe integer. */
  readonly token: number;
  /** Do not act on the lease from then on (own clock, epoch milliseconds). Redis frees it no earlier. */
  readonly actUntil: number;
  /** When Redis has freed it at the latest, unless it was renewed (own clock, epoch milliseconds). */
  readonly endsAt: number;
  /** When to renew it (own clock, epoch milliseconds). */
  readonly renewAt: number;
}

/** `late`: it was acquired, but the replies came too late to act on it. */
export type Acquisition =
  | { held: true; grant: Grant }
  | { held: false; reason: "taken"; by: string }
  | { held: false; reason: "late" };

/** `by` is the present holder; null when the lease is free. */
export type Renewal = { renewed: true; grant: Grant } | { renewed: false; by: string | null };

/**
 * A lease on a name: at most one holder acts at a time. Safe when replies are lost, clocks differ by up to 1 % in rate,
 * and holders freeze, provided that holders ask `isHeld` before they act. A holder that freezes right after it asked
 * can still write late: a `Fence` refuses writes to Redis; make any other action idempotent.
 *
 * No lease can promise more than Redis keeps. If Redis loses acknowledged writes (a failover, a flush, a restored backup),
 * or the clock of its new primary is ahead, two may act until the deadline of the one whose lease was lost. A `Fence`
 * still accepts their writes in the order of their tokens alone. Tokens grow after that too, unless the new primary's
 * clock is behind and nothing was written under the lost token.
 */
export interface Lease {
  readonly timing: LeaseTiming;
  /**
   * Tries to get the lease.
   * Cost: 2 commands, 2 round trips when it is free; 1 of each when it is held; 1 more per lost reply.
   */
  acquire(): Promise<Acquisition>;
  /**
   * Renews the lease. Throws when Redis does not answer: the grant is then valid until its `actUntil`, and may be
   * renewed again.
   * Cost: 1 command, 1 round trip.
   */
  renew(grant: Grant): Promise<Renewal>;
  /**
   * Frees the lease: the next contender gets it at once. Do not act on it after this call. Returns false when another
   * grant held it.
   * Cost: 1 command, 1 round trip.
   */
  release(grant: Grant): Promise<boolean>;
  /** Returns whether the holder may act on the lease now. Ask right before every action. Cost: 0 commands. */
  isHeld(grant: Grant): boolean;
}

/** The commands that a lease sends. */
export type LeaseCommands = Pick<RedisCommands, "eval" | "set"> & TokenCommands;

/** The durations default to 30 s, acted upon for 24 s, renewed after 12 s. */
export interface LeaseOptions extends LeaseDurations {
  /** Names what is leased. */
  name: string;
  /** The holder's id, as other contenders see it. Without spaces. */
  holder: string;
  redis(): LeaseCommands;
  prefix: string;
  /** Default: the machine's. */
  clock?: Pick<Clock, "now" | "random">;
  /** Returns a unique id for an acquisition. Default: a random UUID. */
  createId?(): string;
  /** Returns the newest token that the holder has seen: the next one is greater. Default: 0. */
  seenToken?(): number;
}

/** Makes a lease for one holder. Throws `LeaseTimingError`. Cost: 0 commands. */
export function createLease({
  name,
  holder,
  redis,
  prefix,
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  seenToken = () => 0,
  ...durations
}: LeaseOptions): Lease {
  const timing = leaseTiming(durations);
  const keys = createKeys(prefix);
  const key = keys.lease(name);

  /** Deadlines count from before the request: Redis began to count no earlier. */
  const granted = (value: string, token: number, sentAt: number): Grant => ({
    name,
    value,
    token,
    actUntil: sentAt + timing.renewDeadlineMs,
    endsAt: clock.now() + timing.leaseMs,
    renewAt: sentAt + retryAfter(timing, clock.random()),
  });

  return {
    timing,
    async acquire() {
      const value = `${holder} ${createId()}`;
      const sentAt = clock.now();
      // If its reply is lost, the same command sent again reads the outcome, and never from a replica.
      const stored = await sendAgainIfUnknown(() =>
        redis().set(key, value, { nx: true, get: true, px: timing.leaseMs }),
      );
      if (stored !== null && stored !== value) return { held: false, reason: "taken", by: holderOf(stored) };
      try {
        const token = await mintToken(redis(), { key: keys.tokens(name), value, above: seenToken() });
        const grant = granted(value, token, sentAt);
        // A late token may have been minted after the next holder's, so it is not used.
        if (clock.now() < grant.actUntil) return { held: true, grant };
      } catch (error) {
        await giveUp(redis(), key, value);
        throw error;
      }
      await giveUp(redis(), key, value);
      return { held: false, reason: "late" };
    },
    async renew({ value, token }) {
      let sentAt = clock.now();
      const stored = await sendAgainIfUnknown(() => {
        sentAt = clock.now();
        return compareAndSwap(redis(), { key, value, expected: value, px: timing.leaseMs });
      });
      if (stored === value) return { renewed: true, grant: granted(value, token, sentAt) };
      return { renewed: false, by: stored === null ? null : holderOf(stored) };
    },
    release: ({ value }) => compareAndDelete(redis(), key, value),
    isHeld: ({ actUntil }) => clock.now() < actUntil,
  };
}

/** Returns the holder in a lease's stored value. */
export const holderOf = (value: string): string => value.replace(/ .*/s, "");

// --- Internal helpers ---

/** Frees a lease that will not be used. If that fails, it expires. */
async function giveUp(redis: LeaseCommands, key: string, value: string): Promise<void> {
  await compareAndDelete(redis, key, value).catch(() => {});
}
