/** What coordination throws besides the errors of Redis. `code` is stable; messages name the lease. */
export abstract class CoordinationError extends Error {
  abstract readonly code: string;
}

/** The durations given cannot make a safe lease. */
export class LeaseTimingError extends CoordinationError {
  readonly code = "E_LEASE_TIMING";
  override readonly name = "LeaseTimingError";
}

/** The lease is not held any more, or no longer certainly: nothing may be done in its name. */
export class LeaseLostError extends CoordinationError {
  readonly code = "E_LEASE_LOST";
  override readonly name = "LeaseLostError";
  constructor(lease: string) {
    super(`The lease "${lease}" is not held any more`);
  }
}

/** Only the leader may do this, and somebody else leads, or nobody. */
export class NotLeaderError extends CoordinationError {
  readonly code = "E_NOT_LEADER";
  override readonly name = "NotLeaderError";
  /** Who leads, as far as is known. */
  readonly leader: string | null;
  constructor(group: string, leader: string | null) {
    super(
      `Only the leader of "${group}" may do this; ${leader === null ? "nobody leads it now" : `${leader} leads it`}`,
    );
    this.leader = leader;
  }
}
