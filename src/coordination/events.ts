import type { Grant } from "./lease.ts";

/** `lapsed`: could not be renewed in time. `taken`: another one holds it. `refused`: a fenced write said so. `resigned`: given up. */
export type LossReason = "lapsed" | "taken" | "refused" | "resigned";

/** What happens to this instance's place in the group. Hooks are awaited by `tick`; what they throw is reported. */
export interface Hooks {
  onBecameLeader?(grant: Grant): void | Promise<void>;
  onLostLeadership?(reason: LossReason): void | Promise<void>;
  /** Somebody else leads than was last known; null when the leader is gone and none is known yet. */
  onLeaderChanged?(change: { from: string | null; to: string | null }): void | Promise<void>;
  /** What the leader told everybody to do. */
  onCommand?(command: string, data: unknown, from: string): void | Promise<void>;
}

/** What coordination tells its host; logs and metrics are the host's affair. */
export type CoordinationEvent =
  | { type: "became-leader"; token: number }
  | { type: "lost-leadership"; reason: LossReason }
  /** `last` is who led last, should nobody have led just before. */
  | { type: "leader-changed"; from: string | null; to: string | null; last: string | null }
  /** Said under a token older than one heard of before, and ignored. */
  | { type: "notice-refused"; token: number }
  | { type: "failed"; what: "heartbeat" | "election" | "notice" | "hook" | "release"; error: unknown };
