/**
 * `lapsed`: the lease could not be renewed in time. `taken`: another instance holds it. `refused`: Redis refused a
 * fenced write. `resigned`: the instance gave it up.
 */
export type LossReason = "lapsed" | "taken" | "refused" | "resigned";

/** Events that coordination reports. The caller turns it into logs and metrics. */
export type CoordinationEvent =
  | { type: "became-leader"; token: number }
  | { type: "lost-leadership"; reason: LossReason }
  /** `from` is null when no leader was known right before; `last` is the last leader that was known. */
  | { type: "leader-changed"; from: string | null; to: string | null; last: string | null }
  /** Sent under an older token than a notice before it, or under one that no leader can have, and ignored. */
  | { type: "notice-refused"; token: number }
  | { type: "failed"; what: "heartbeat" | "election" | "notice" | "hook" | "release"; error: unknown };
