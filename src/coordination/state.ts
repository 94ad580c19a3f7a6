import type { Grant } from "./lease.ts";
import { isPlausible } from "./token.ts";

/** The isolate's part of coordination: plain data, shared by all its invocations. */
export interface CoordinationState {
  /** The leader's lease, while this instance leads. Good until its own deadline. */
  grant: Grant | undefined;
  /** The leader as last known; null when none was seen. */
  leader: string | null;
  /** The last leader that was known, also when it is gone: its return is not announced. */
  lastLeader: string | null;
  /** The newest plausible token seen. Notices under an older one are refused. */
  newestToken: number;
  /** When this instance joined, in epoch milliseconds; 0 before. */
  joinedAt: number;
  /** When the next heartbeat is due, in epoch milliseconds. */
  heartbeatAt: number;
  /** When to try for the lease, in epoch milliseconds. */
  tryAt: number;
}

export const createCoordinationState = (): CoordinationState => ({
  grant: undefined,
  leader: null,
  lastLeader: null,
  newestToken: 0,
  joinedAt: 0,
  heartbeatAt: 0,
  tryAt: 0,
});

/** Records the newest token. Returns false for an older one, and for one that no leader can have at `now`. */
export function noteToken(state: CoordinationState, token: number, now: number): boolean {
  if (token < state.newestToken || !isPlausible(token, now)) return false;
  state.newestToken = token;
  return true;
}
