import { compareAndDelete, compareAndSwap, type RedisCommands, sendAgainIfUnknown } from "../redis/index.ts";
import { createKeys } from "./keys.ts";
import { type LeaseTiming, leaseTiming, retryAfter } from "./timing.ts";

/** A lease held, as plain data: it may outlive the invocation that acquired it. */
export interface Grant {
  readonly name: string;
  /** What stands in Redis while we hold it: the holder, and a part no other acquisition has. */
  readonly value: string;
  /** Greater than that of every holder before. */
  readonly token: number;
  /** From then on (own clock, epoch milliseconds) nothing may be done in its name. Redis gives it away no earlier. */
  readonly actUntil: number;
  /** When Redis has given it away, unless it was renewed: by our own clock, at the latest. */
  readonly endsAt: number;
  /** When to renew it. */
  readonly renewAt: number;
}

/** `late`: it was ours, but the answers came when it was too old to be used. */
export type Acquisition =
  | { held: true; grant: Grant }
  | { held: false; reason: "taken"; by: string }
  | { held: false; reason: "late" };

/** `by` is who holds it now; null when nobody does. */
export type Renewal = { renewed: true; grant: Grant } | { renewed: false; by: string | null };

/**
 * A lease on a name: at most one holder acts at a time. Right when replies are lost, clocks differ by up to 1 % in rate,
 * and holders freeze, as long as they look at `isHeld` before they act. What a frozen holder sends after that look can
 * still arrive late: a `Fence` refuses it where Redis is written; where it is not, make the action idempotent.
 * NOT safe on its own when Redis fails over and loses the last writes: for one lease two may hold it. The fence is.
 */
export interface Lease {
  readonly timing: LeaseTiming;
  /** 2 commands in 2 round trips when free; 1/1 when held, and the reply names the holder. A lost reply adds one. */
  acquire(): Promise<Acquisition>;
  /** 1/1. Throws when Redis gives no answer: the grant then stands until its `actUntil`, and renewing may be tried again. */
  renew(grant: Grant): Promise<Renewal>;
  /** 1/1. The next contender gets it at once. Nothing may be done in its name from the call on. False when it was not ours. */
  release(grant: Grant): Promise<boolean>;
  /** May be acted upon now? 0 commands; ask right before every action. */
  isHeld(grant: Grant): boolean;
}

export interface LeaseOptions extends Partial<LeaseTiming> {
  /** The thing leased. */
  name: string;
  /** Who we are: shown to the others. Without spaces. */
  holder: string;
  redis(): RedisCommands;
  prefix: string;
  now?(): number;
  random?(): number;
  createId?(): string;
}

export function createLease({
  name,
  holder,
  redis,
  prefix,
  now = Date.now,
  random = Math.random,
  createId = () => crypto.randomUUID(),
  ...durations
}: LeaseOptions): Lease {
  const timing = leaseTiming(durations);
  const keys = createKeys(prefix);
  const key = keys.lease(name);

  /** Every deadline counts from before the request: Redis began to count no earlier. */
  const granted = (value: string, token: number, sentAt: number): Grant => ({
    name,
    value,
    token,
    actUntil: sentAt + timing.renewDeadlineMs,
    endsAt: now() + timing.leaseMs,
    renewAt: sentAt + retryAfter(timing, random()),
  });

  /** The fencing token, minted while the lease is held. A mint repeated leaves a gap, which is no harm. */
  const mint = () => sendAgainIfUnknown(() => redis().incr(keys.token(name)));

  return {
    timing,
    async acquire() {
      const value = `${holder} ${createId()}`;
      const sentAt = now();
      // Sent again when its reply is lost, it reads back what became of the first, and never from a replica.
      const standing = await sendAgainIfUnknown(() =>
        redis().set(key, value, { nx: true, get: true, px: timing.leaseMs }),
      );
      if (standing !== null && standing !== value) return { held: false, reason: "taken", by: holderOf(standing) };
      try {
        const grant = granted(value, await mint(), sentAt);
        // A token that comes late may have been minted after the next holder's: it is void.
        if (now() < grant.actUntil) return { held: true, grant };
      } catch (error) {
        await giveUp(redis(), key, value);
        throw error;
      }
      await giveUp(redis(), key, value);
      return { held: false, reason: "late" };
    },
    async renew({ value, token }) {
      let sentAt = now();
      const standing = await sendAgainIfUnknown(() => {
        sentAt = now();
        return compareAndSwap(redis(), { key, value, expected: value, px: timing.leaseMs });
      });
      if (standing === value) return { renewed: true, grant: granted(value, token, sentAt) };
      return { renewed: false, by: standing === null ? null : holderOf(standing) };
    },
    release: ({ value }) => compareAndDelete(redis(), key, value),
    isHeld: ({ actUntil }) => now() < actUntil,
  };
}

/** The holder in a lease's value. */
export const holderOf = (value: string): string => value.split(" ", 1)[0] ?? value;

// --- Internal helpers ---

/** Frees a lease that will not be used; where that fails it runs out by itself. */
async function giveUp(redis: RedisCommands, key: string, value: string): Promise<void> {
  await compareAndDelete(redis, key, value).catch(() => false);
}
