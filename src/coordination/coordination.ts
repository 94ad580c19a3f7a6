import type { Clock } from "../platform/index.ts";
import type { ClusterCommands, ClusterInfo } from "./cluster.ts";
import type { CoordinationEvent } from "./events.ts";
import type { Fence } from "./fence.ts";
import type { Hooks } from "./hooks.ts";
import type { Lease, LeaseCommands } from "./lease.ts";
import type { MemberCommands } from "./members.ts";
import type { Publish } from "./notices.ts";
import type { CoordinationState } from "./state.ts";
import type { LeaseDurations } from "./timing.ts";

/** The commands that coordination sends. A stand-in needs no others. */
export type CoordinationCommands = ClusterCommands & LeaseCommands & MemberCommands;

/**
 * The durations are those of the leader's lease. Default: 90 s, acted upon for 72 s, renewed after 57 s. From one cron
 * tick to the next it then needs no renewal.
 */
export interface CoordinationOptions extends LeaseDurations, Hooks {
  /** The isolate's part. */
  state: CoordinationState;
  /** This instance's id, as other instances see it. Without spaces. */
  id: string;
  /** Returns the connection's commands. Called when a command is sent, not before. */
  redis(): CoordinationCommands;
  /** Begins every key. */
  prefix: string;
  /** Instances of one group share one leader. Default: "main". */
  group?: string;
  /** Shown beside the id, such as a version or a region. Default: "". */
  about?: string;
  /** Time between two heartbeats, in milliseconds. Default: 60,000. */
  heartbeatMs?: number;
  /** An instance that sends no heartbeat for this long is no member, in milliseconds. Default: 2.5 heartbeats. */
  memberTtlMs?: number;
  /**
   * Sends the leader's notices to every instance. Without it, `broadcast` throws and changes of leader are not
   * announced.
   */
  publish?: Publish;
  report?(event: CoordinationEvent): void;
  /** Default: the machine's. */
  clock?: Clock;
  /** Returns a unique id for an acquisition. Default: a random UUID. */
  createId?(): string;
}

/** `led: false`: another instance leads, or Redis did not answer; another try may succeed at `retryAt` (epoch milliseconds). */
export type Led<T> = { led: true; value: T } | { led: false; by: string | null; retryAt: number };

/** One instance's place in a group, for one invocation. It has no timers: the cron tick calls `tick`. */
export interface Coordination {
  readonly id: string;
  /**
   * Does what is due: sends a heartbeat, renews the lease, or tries to become leader; then runs hooks. `isEager` tries
   * to lead before it is due: for the first tick after a pause, in which the leader may have resigned. Never throws for
   * Redis: failures are reported.
   * Cost: 0 to 3 commands, 0 or 1 round trip; 1 more of each on becoming leader.
   */
  tick(isEager?: boolean): Promise<void>;
  /**
   * Leads for as long as `work` takes, renews the lease meanwhile, and resigns behind it; an instance that leads already goes on
   * leading. Rethrows what `work` throws. Leadership costs nothing while there is nothing that only a leader may do.
   *
   * @example
   * const given = await coordination.asLeader(() => coordination.broadcast("lights-out"));
   * return given.led ? "Done." : "Another instance leads at the moment.";
   *
   * Cost: 3 commands, 3 round trips, and 1 of each for every renewal; 2 commands, 1 round trip when another instance leads.
   */
  asLeader<T>(work: (fence: Fence) => Promise<T>): Promise<Led<T>>;
  /** Sends a heartbeat if one is due. A failure is reported. Cost: 1 command, 1 round trip; 0 when it is not due. */
  heartbeat(): Promise<void>;
  /** Returns when `tick` has something to do, in epoch milliseconds. */
  nextAt(): number;
  /** Returns when the next heartbeat is due, in epoch milliseconds. */
  heartbeatAt(): number;
  /** Returns whether this instance may act as leader now, by its own clock. Cost: 0 commands. */
  isLeader(): boolean;
  /**
   * Returns until when this instance may act as leader, and when Redis gives the lease to another one at the latest;
   * undefined when it does not lead. Epoch milliseconds.
   * Cost: 0 commands.
   */
  leads(): { actUntil: number; endsAt: number } | undefined;
  /** Returns the fence for the leader's writes. Throws `NotLeaderError`. Cost: 0 commands. */
  fence(): Fence;
  /**
   * Orders every instance to do something. Throws `NotLeaderError`.
   * Cost: the publisher's; 3 commands, 1 round trip for a fenced XADD.
   */
  broadcast(order: string, data?: unknown): Promise<unknown>;
  /**
   * Takes a message from the bus, and runs hooks for the leader's notice. Returns false for any other message, and for
   * the notice of an earlier leader.
   * Cost: 0 commands.
   */
  receive(message: unknown): Promise<boolean>;
  /**
   * Frees the lease: the next instance that tries gets it at once.
   * Cost: 1 command, 1 round trip; 0 when not leading.
   */
  resign(): Promise<void>;
  /**
   * Resigns, announces it, and leaves the members: for an orderly end.
   * Cost: 2 commands, 1 round trip, and the publisher's.
   */
  leave(): Promise<void>;
  /** Returns who leads and who is a member. May come from a replica, and lag behind. Cost: 4 commands, 1 round trip. */
  info(): Promise<ClusterInfo>;
  /** Returns another lease of this instance, for work that runs once at a time: see `withLease`. Cost: 0 commands. */
  lease(name: string, timing?: LeaseDurations): Lease;
}
