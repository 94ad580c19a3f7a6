import type { CoordinationEvent, LossReason } from "./events.ts";
import type { Grant } from "./lease.ts";

/** Called for changes in this instance's place in the group. `tick` awaits hooks; a hook that throws is reported. */
export interface Hooks {
  onBecameLeader?(grant: Grant): void | Promise<void>;
  onLostLeadership?(reason: LossReason): void | Promise<void>;
  /** `from` is the leader as last known. `to` is null when the leader is gone and no other is known yet. */
  onLeaderChanged?(change: { from: string | null; to: string | null }): void | Promise<void>;
  /** Carries out an order of the leader. */
  onOrder?(order: string, data: unknown, from: string): void | Promise<void>;
}

export interface RunHooksOptions {
  hooks: Hooks;
  id: string;
  /** The leader's lease, if this instance may act on it now. */
  grant(): Grant | undefined;
  /** Publishes a change of leader. */
  announce(grant: Grant, leader: string | null, before: string | null): Promise<void>;
  /** Runs a hook, and reports what it throws. */
  guard(what: "hook", work: () => unknown): Promise<void>;
}

/** Takes events off the list, in order, and runs their hooks. Events that a hook causes come after them. */
export async function runHooks(
  happened: CoordinationEvent[],
  { hooks, id, grant, announce, guard }: RunHooksOptions,
): Promise<void> {
  for (let event = happened.shift(); event; event = happened.shift()) {
    if (event.type === "lost-leadership") {
      const { reason } = event;
      await guard("hook", () => hooks.onLostLeadership?.(reason));
    }
    if (event.type === "leader-changed") {
      const { from, to, last } = event;
      await guard("hook", () => hooks.onLeaderChanged?.({ from, to }));
      const held = grant();
      // A fresh isolate sees a new leader every minute; that is not worth announcing.
      const isNews = to === id && last !== null && last !== id;
      if (held && isNews) await announce(held, id, last);
    }
    if (event.type === "became-leader") {
      const held = grant();
      if (held) await guard("hook", () => hooks.onBecameLeader?.(held));
    }
  }
}
