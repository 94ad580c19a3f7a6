import { type Clock, systemClock } from "../platform/index.ts";
import { type ClusterCommands, type ClusterInfo, readCluster } from "./cluster.ts";
import { createElection } from "./election.ts";
import { NotLeaderError } from "./errors.ts";
import type { CoordinationEvent, Hooks } from "./events.ts";
import { createFence, type Fence } from "./fence.ts";
import { createKeys } from "./keys.ts";
import { createLease, type Grant, type Lease, type LeaseCommands } from "./lease.ts";
import { createMembers, type MemberCommands } from "./members.ts";
import { type Notice, type Publish, readNotice } from "./notices.ts";
import type { CoordinationState } from "./state.ts";
import type { LeaseTiming } from "./timing.ts";

/** The commands that coordination sends. A stand-in needs no others. */
export type CoordinationCommands = ClusterCommands & LeaseCommands & MemberCommands;

/** The durations are those of the leader's lease: 90 s, of which 72 s are acted upon, renewed after 57 s. */
export interface CoordinationOptions extends Partial<LeaseTiming>, Hooks {
  /** The isolate's share. */
  state: CoordinationState;
  /** Who we are: shown to the others. Without spaces. */
  id: string;
  redis(): CoordinationCommands;
  /** Before every key. */
  prefix: string;
  /** Those who share one leader. */
  group?: string;
  /** Shown beside our id, such as a version or a region. */
  about?: string;
  /** We show ourselves this often, and vanish after `memberTtlMs` of silence. */
  heartbeatMs?: number;
  memberTtlMs?: number;
  /** Puts what the leader says on the bus. */
  publish?: Publish;
  report?(event: CoordinationEvent): void;
  clock?: Clock;
  createId?(): string;
}

/** One instance's place among those that share a bot, for one invocation. Has no timers: a cron tick or pump moves it on. */
export interface Coordination {
  readonly id: string;
  /**
   * Does what is due: shows itself, renews, or tries to become leader; then runs hooks. Never throws for Redis: what failed is
   * reported. 0 to 3 commands in 0 or 1 round trips, and 1/1 more on becoming leader. `isEager` tries to lead though it is not
   * time to: for the first tick after a pause, in which the leader may have handed over.
   */
  tick(isEager?: boolean): Promise<void>;
  /** When `tick` has something to do next; epoch milliseconds. */
  nextAt(): number;
  /** When it shows itself next; epoch milliseconds. */
  beatsAt(): number;
  /** May we act as leader now? Asks our own clock; 0 commands. */
  isLeader(): boolean;
  /** Until when we may, and when Redis has given the lease away at the latest; undefined when we do not lead. 0 commands. */
  leads(): { actUntil: number; endsAt: number } | undefined;
  /** Stands before what only the leader may write; throws `NotLeaderError`. 0 commands. */
  fence(): Fence;
  /** Tells every instance to do something. Throws `NotLeaderError`. What it costs is the publisher's: 3/1 for a fenced XADD. */
  broadcast(command: string, data?: unknown): Promise<unknown>;
  /** Takes what came over the bus; runs hooks for a notice of the leader. False for anything else, and for what an earlier leader said too late. 0 commands. */
  receive(message: unknown): Promise<boolean>;
  /** Hands leadership over: the next to try gets it at once. 1/1, or 0 when not leading. */
  resign(): Promise<void>;
  /** Resigns, tells the others, and vanishes from the members: for an orderly end. 2/1, and what the publisher costs. */
  leave(): Promise<void>;
  /** Who leads, who is there. 4 commands in 1 round trip; may come from a replica and be behind. */
  info(): Promise<ClusterInfo>;
  /** A lease of its own for once-only work, by this instance: see `withLease`. */
  lease(name: string, timing?: Partial<LeaseTiming>): Lease;
}

/** An idle deployment leads from cron trigger to cron trigger with nothing to renew between: commands are counted. */
const calm = { leaseMs: 90_000, retryMs: 57_000 };

export function createCoordination({
  state,
  id,
  redis,
  prefix,
  group = "main",
  about = "",
  heartbeatMs = 60_000,
  memberTtlMs = heartbeatMs * 2.5,
  publish,
  report = () => {},
  clock = systemClock,
  createId = () => crypto.randomUUID(),
  ...options
}: CoordinationOptions): Coordination {
  const keys = createKeys(prefix);
  const { onBecameLeader, onLostLeadership, onLeaderChanged, onCommand, ...timing } = options;
  const happened: CoordinationEvent[] = [];
  const members = createMembers({ redis, key: keys.members(group), ttlMs: memberTtlMs });
  const lease = (name: string, durations: Partial<LeaseTiming> = {}) =>
    createLease({ name, holder: id, redis, prefix, clock, createId, ...durations });
  const election = createElection({
    state,
    lease: lease(group, { ...calm, ...timing }),
    id,
    clock,
    leftMs: () => redis().pttl(keys.lease(group)),
    report(event) {
      report(event);
      happened.push(event);
    },
  });

  async function beat(): Promise<void> {
    const at = clock.now();
    if (at < state.beatAt) return;
    state.joinedAt ||= at;
    state.beatAt = at + heartbeatMs;
    await members.beat({ id, joinedAt: state.joinedAt, seenAt: at, about }).catch((error: unknown) => {
      // Half the silence allowed is gone by the next try.
      report({ type: "failed", what: "heartbeat", error });
    });
  }

  const guarded = async (what: "notice" | "hook", work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      report({ type: "failed", what, error });
    }
  };

  /** Hooks run after the fact, in order; what they set in motion is told after them. */
  async function tell(): Promise<void> {
    for (let event = happened.shift(); event; event = happened.shift()) {
      const { type } = event;
      if (type === "lost-leadership") await guarded("hook", () => onLostLeadership?.(event.reason));
      if (type === "leader-changed") {
        await guarded("hook", () => onLeaderChanged?.({ from: event.from, to: event.to }));
        const grant = election.grant();
        // A fresh isolate sees a new leader every minute; that is not worth announcing.
        const isNews = event.to === id && event.last !== null && event.last !== id;
        if (grant && isNews) await announce(grant, id, event.last);
      }
      if (type === "became-leader") {
        const grant = election.grant();
        if (grant) await guarded("hook", () => onBecameLeader?.(grant));
      }
    }
  }

  const announce = async (grant: Grant, leader: string | null, before: string | null) => {
    const notice: Notice = { type: "leader-changed", leader, before, token: grant.token, at: clock.now() };
    await guarded("notice", () => publish?.(notice, fenceOf(grant)));
  };

  const fenceOf = (grant: Grant) => createFence({ grant, redis, prefix, clock, onRefused: election.refused });

  function leading(): Grant {
    const grant = election.grant();
    if (!grant) throw new NotLeaderError(group, state.leader === id ? null : state.leader);
    return grant;
  }

  async function resign(): Promise<void> {
    await election.resign();
    await tell();
  }

  return {
    id,
    async tick(isEager = false) {
      await Promise.all([beat(), election.step(isEager)]);
      await tell();
    },
    nextAt: () => Math.min(state.beatAt, election.nextAt()),
    beatsAt: () => state.beatAt,
    leads() {
      const grant = election.grant();
      return grant && { actUntil: grant.actUntil, endsAt: grant.endsAt };
    },
    isLeader: () => election.grant() !== undefined,
    fence: () => fenceOf(leading()),
    async broadcast(command, data = null) {
      const grant = leading();
      if (!publish) throw new Error("Broadcasting needs a `publish`: nothing reaches the other instances without it.");
      return publish({ type: "command", command, data, from: id, token: grant.token, at: clock.now() }, fenceOf(grant));
    },
    async receive(message) {
      const notice = readNotice(message);
      if (!notice) return false;
      if (notice.token < state.newestToken) {
        report({ type: "notice-refused", token: notice.token });
        return false;
      }
      state.newestToken = notice.token;
      if (notice.type === "command") {
        await guarded("hook", () => onCommand?.(notice.command, notice.data, notice.from));
      } else if (!election.grant()) {
        election.learn(notice.leader);
        // Not by the one who leaves.
        if (notice.leader === null && notice.before !== id) state.tryAt = clock.now();
        await tell();
      }
      return true;
    },
    resign,
    async leave() {
      state.beatAt = 0;
      const grant = election.grant();
      // The notice goes first, in the same request: it has to pass the fence before the lease is freed.
      await Promise.all([grant && announce(grant, null, id), resign(), members.leave(id)]);
    },
    info: () => readCluster({ redis, keys, group, members, id, clock, isLeader: election.grant() !== undefined }),
    lease,
  };
}
