/** The errors of coordination, besides those of `redis/`. `code` is stable. Messages name the lease. */
export abstract class CoordinationError extends Error {
  abstract readonly code: string;
}

/** The durations do not make a safe lease. */
export class LeaseTimingError extends CoordinationError {
  readonly code = "E_LEASE_TIMING";
  override readonly name = "LeaseTimingError";
}

/** The lease is lost or in doubt: do not act on it. */
export class LeaseLostError extends CoordinationError {
  readonly code = "E_LEASE_LOST";
  override readonly name = "LeaseLostError";
  constructor(lease: string) {
    super(`The lease "${lease}" is no longer held`);
  }
}

/** Only the leader may do this, and this instance does not lead. */
export class NotLeaderError extends CoordinationError {
  readonly code = "E_NOT_LEADER";
  override readonly name = "NotLeaderError";
  /** The leader, as far as known. */
  readonly leader: string | null;
  constructor(group: string, leader: string | null) {
    super(
      `Only the leader of "${group}" may do this; ${leader === null ? "it has no leader now" : `its leader is ${leader}`}`,
    );
    this.leader = leader;
  }
}
