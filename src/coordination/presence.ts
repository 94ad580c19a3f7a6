import type { Clock } from "../platform/index.ts";
import type { CoordinationEvent } from "./events.ts";
import type { Members } from "./members.ts";
import type { CoordinationState } from "./state.ts";

/** This instance among the members of its group. */
export interface Presence {
  /** Sends a heartbeat if one is due. A failure is reported. Cost: 1 command, 1 round trip; 0 when it is not due. */
  show(): Promise<void>;
  /** Leaves the members at once. Cost: 1 command, 1 round trip. */
  leave(): Promise<void>;
}

export interface PresenceOptions {
  state: CoordinationState;
  members: Members;
  id: string;
  about: string;
  heartbeatMs: number;
  clock: Pick<Clock, "now">;
  report(event: CoordinationEvent): void;
}

export const createPresence = ({
  state,
  members,
  id,
  about,
  heartbeatMs,
  clock,
  report,
}: PresenceOptions): Presence => ({
  async show() {
    const now = clock.now();
    if (now < state.heartbeatAt) return;
    state.joinedAt ||= now;
    state.heartbeatAt = now + heartbeatMs;
    await members.heartbeat({ id, joinedAt: state.joinedAt, seenAt: now, about }).catch((error: unknown) => {
      // The next one comes before the member's time to live is over.
      report({ type: "failed", what: "heartbeat", error });
    });
  },
  async leave() {
    state.heartbeatAt = 0;
    await members.leave(id);
  },
});
