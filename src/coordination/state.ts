import type { Grant } from "./lease.ts";

/** What outlives an invocation, as plain data: it belongs to the isolate and is shared by all its invocations. */
export interface CoordinationState {
  /** The leader's lease, while we lead; good until its own deadline. */
  grant: Grant | undefined;
  /** Who leads, as last heard of; null when nobody was seen to. */
  leader: string | null;
  /** Who led last, whoever leads now: its coming back is no news. */
  lastLeader: string | null;
  /** The newest token heard of: what is said under an older one is refused. */
  newestToken: number;
  /** When we first showed ourselves, when to do it again, and when to try for the lease; epoch milliseconds, 0 before. */
  joinedAt: number;
  beatAt: number;
  tryAt: number;
}

export const createCoordinationState = (): CoordinationState => ({
  grant: undefined,
  leader: null,
  lastLeader: null,
  newestToken: 0,
  joinedAt: 0,
  beatAt: 0,
  tryAt: 0,
});
