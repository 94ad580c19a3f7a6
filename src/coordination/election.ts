import type { Clock } from "../platform/index.ts";
import type { CoordinationEvent, LossReason } from "./events.ts";
import type { Grant, Lease } from "./lease.ts";
import type { CoordinationState } from "./state.ts";
import { retryAfter } from "./timing.ts";

/** Who leads: the holder of one lease. Moved on by `step`; has no timers. */
export interface Election {
  /**
   * Renews, tries to become leader, or does nothing, whatever is due; `isEager` tries though it is not due yet. 0 commands
   * when there is nothing to do; renewal 1/1; a try when nobody leads 2/2, while somebody does 2/1.
   */
  step(isEager: boolean): Promise<void>;
  /** The lease, if it may be acted upon now. 0 commands. */
  grant(): Grant | undefined;
  /** Stops leading at once, then frees the lease so that another one gets it with its next try. 1/1, or 0. */
  resign(): Promise<void>;
  /** Stops leading: a fenced write was refused. Frees the lease, should it be ours all the same. 1/1, or 0. */
  refused(): Promise<void>;
  /** Keeps in mind who leads. */
  learn(leader: string | null): void;
  /** When `step` has something to do next; epoch milliseconds. */
  nextAt(): number;
}

export interface ElectionOptions {
  state: CoordinationState;
  lease: Lease;
  id: string;
  clock: Pick<Clock, "now" | "random">;
  /** How long Redis keeps the lease yet, in milliseconds. */
  leftMs(): Promise<number>;
  /** Told in order; the first is told before anything else is sent. */
  report(event: CoordinationEvent): void;
}

/** Before asking how much is left of a lease first heard of. */
const unknownMs = 1_000;

export function createElection({ state, lease, id, clock, leftMs, report }: ElectionOptions): Election {
  const grant = () => (state.grant && lease.isHeld(state.grant) ? state.grant : undefined);

  function learn(leader: string | null): void {
    if (leader === state.leader) return;
    report({ type: "leader-changed", from: state.leader, to: leader, last: state.lastLeader });
    state.leader = leader;
    if (leader !== null) state.lastLeader = leader;
  }

  function lose(reason: LossReason, leader: string | null): void {
    state.grant = undefined;
    state.tryAt = clock.now();
    report({ type: "lost-leadership", reason });
    learn(leader);
  }

  async function free(held: Grant): Promise<void> {
    await lease.release(held).catch((error: unknown) => report({ type: "failed", what: "release", error }));
  }

  async function renew(held: Grant): Promise<void> {
    try {
      const renewal = await lease.renew(held);
      // Meanwhile another invocation of this isolate may have resigned, or renewed later than we.
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
      // Asked along, so that a leader that dies is followed right when its lease ends.
      const isFollowing = state.leader !== null && state.leader !== id;
      const [acquisition, left] = await Promise.all([lease.acquire(), isFollowing ? leftMs().catch(() => 0) : 0]);
      if (acquisition.held) {
        state.grant = acquisition.grant;
        report({ type: "became-leader", token: acquisition.grant.token });
        return learn(id);
      }
      if (acquisition.reason === "late") return;
      learn(acquisition.by);
      // By a clock that goes fast this is a little early: then very little is left to wait for.
      const waitMs = left > 0 ? left + 1 : unknownMs;
      state.tryAt = Math.min(state.tryAt, clock.now() + waitMs);
    } catch (error) {
      report({ type: "failed", what: "election", error });
    }
  }

  return {
    grant,
    learn,
    async step(isEager) {
      const held = state.grant;
      if (held && lease.isHeld(held)) return clock.now() < held.renewAt ? undefined : renew(held);
      if (held) lose("lapsed", null);
      // What is left of a lapsed lease is cleared away by the same request.
      const isLeft = held && clock.now() < held.endsAt;
      if (isEager || clock.now() >= state.tryAt) await Promise.all([isLeft && free(held), campaign()]);
    },
    async resign() {
      const held = state.grant;
      if (!held) return;
      lose("resigned", null);
      // Not to be the one who takes it straight away.
      state.tryAt = clock.now() + retryAfter(lease.timing, clock.random());
      await free(held);
    },
    async refused() {
      const held = state.grant;
      if (!held) return;
      lose("refused", null);
      await free(held);
    },
    nextAt: () => (state.grant ? Math.min(state.grant.renewAt, state.grant.actUntil) : state.tryAt),
  };
}
