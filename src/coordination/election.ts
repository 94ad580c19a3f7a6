import type { Clock } from "../platform/index.ts";
import type { CoordinationEvent, LossReason } from "./events.ts";
import type { Grant, Lease } from "./lease.ts";
import { type CoordinationState, noteToken } from "./state.ts";
import { retryAfter } from "./timing.ts";

/** The election of a leader: the holder of one lease leads. It has no timers: `tick` calls `step`. */
export interface Election {
  /**
   * Renews the lease, or tries to become leader, if it is due. `isEager` tries before it is due.
   * Cost: 0 commands when nothing is due; 1 command, 1 round trip to renew; 2 commands to try, 2 round trips when the
   * lease was free, else 1.
   */
  step(isEager: boolean): Promise<void>;
  /** Returns the lease, if this instance may act on it now. Cost: 0 commands. */
  grant(): Grant | undefined;
  /**
   * Stops leading at once, then frees the lease, so that the next instance that tries gets it.
   * Cost: 1 command, 1 round trip; 0 when not leading.
   */
  resign(): Promise<void>;
  /**
   * Stops leading, since Redis refused a fenced write under this lease. Frees the lease if it is still held.
   * Cost: 1 command, 1 round trip; 0 when not leading, or under another lease by now.
   */
  refused(under: Grant): Promise<void>;
  /** Records who leads. */
  noteLeader(leader: string | null): void;
  /** Returns when `step` has something to do, in epoch milliseconds. */
  nextAt(): number;
}

export interface ElectionOptions {
  state: CoordinationState;
  lease: Lease;
  id: string;
  clock: Pick<Clock, "now" | "random">;
  /** Returns how long Redis still keeps the lease, in milliseconds. */
  leftMs(): Promise<number>;
  /** Called in order, and before the next command is sent. */
  report(event: CoordinationEvent): void;
}

/** The next try, when it is not known how long a lease still lasts. */
const unknownMs = 1_000;

export function createElection({ state, lease, id, clock, leftMs, report }: ElectionOptions): Election {
  const grant = () => (state.grant && lease.isHeld(state.grant) ? state.grant : undefined);

  function noteLeader(leader: string | null): void {
    if (leader === state.leader) return;
    report({ type: "leader-changed", from: state.leader, to: leader, last: state.lastLeader });
    state.leader = leader;
    if (leader !== null) state.lastLeader = leader;
  }

  function lose(reason: LossReason, leader: string | null): void {
    state.grant = undefined;
    state.tryAt = clock.now();
    report({ type: "lost-leadership", reason });
    noteLeader(leader);
  }

  async function free(held: Grant): Promise<void> {
    await lease.release(held).catch((error: unknown) => report({ type: "failed", what: "release", error }));
  }

  async function renew(held: Grant): Promise<void> {
    try {
      const renewal = await lease.renew(held);
      // Another invocation of this isolate may have resigned meanwhile, or renewed later.
      if (state.grant?.value !== held.value) return;
      if (!renewal.renewed) return lose("taken", renewal.by);
      if (renewal.grant.actUntil > state.grant.actUntil) state.grant = renewal.grant;
    } catch (error) {
      report({ type: "failed", what: "election", error });
      if (state.grant?.value !== held.value) return;
      state.grant = { ...state.grant, renewAt: clock.now() + retryAfter(lease.timing, clock.random()) / 4 };
      if (!grant()) lose("lapsed", null);
    }
  }

  async function campaign(): Promise<void> {
    state.tryAt = clock.now() + retryAfter(lease.timing, clock.random());
    try {
      // Also ask how long the lease lasts, to try right when it ends if the leader dies.
      const isFollowing = state.leader !== null;
      const [acquisition, left] = await Promise.all([lease.acquire(), isFollowing ? leftMs().catch(() => 0) : 0]);
      if (acquisition.held) {
        state.grant = acquisition.grant;
        noteToken(state, acquisition.grant.token, clock.now());
        report({ type: "became-leader", token: acquisition.grant.token });
        return noteLeader(id);
      }
      if (acquisition.reason === "late") return;
      noteLeader(acquisition.by);
      // A fast clock tries a little early, and then waits very briefly.
      const waitMs = left > 0 ? left + 1 : unknownMs;
      state.tryAt = Math.min(state.tryAt, clock.now() + waitMs);
    } catch (error) {
      report({ type: "failed", what: "election", error });
    }
  }

  return {
    grant,
    noteLeader,
    async step(isEager) {
      const held = state.grant;
      if (held && lease.isHeld(held)) return clock.now() < held.renewAt ? undefined : renew(held);
      if (held) lose("lapsed", null);
      // The same request frees a lease that lapsed here and is still kept by Redis.
      const isKept = held && clock.now() < held.endsAt;
      if (isEager || clock.now() >= state.tryAt) await Promise.all([isKept && free(held), campaign()]);
    },
    async resign() {
      const held = state.grant;
      if (!held) return;
      lose("resigned", null);
      // Give the other instances the first try.
      state.tryAt = clock.now() + retryAfter(lease.timing, clock.random());
      await free(held);
    },
    async refused({ value }) {
      const held = grant();
      if (held?.value !== value) return;
      lose("refused", null);
      await free(held);
    },
    nextAt: () => (state.grant ? Math.min(state.grant.renewAt, state.grant.actUntil) : state.tryAt),
  };
}
