import { systemClock } from "../platform/index.ts";
import { readCluster } from "./cluster.ts";
import type { Coordination, CoordinationOptions } from "./coordination.ts";
import { createElection } from "./election.ts";
import { NotLeaderError } from "./errors.ts";
import type { CoordinationEvent } from "./events.ts";
import { createFence, type Fence } from "./fence.ts";
import { runHooks } from "./hooks.ts";
import { createKeys } from "./keys.ts";
import { createLease, type Grant } from "./lease.ts";
import { createMembers } from "./members.ts";
import { readNotice } from "./notices.ts";
import { createPresence } from "./presence.ts";
import { noteToken } from "./state.ts";

/** Makes one instance's place in a group, for one invocation. Throws `LeaseTimingError`. Cost: 0 commands. */
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
  leaseMs = 90_000,
  renewDeadlineMs,
  retryMs = 57_000,
  ...hooks
}: CoordinationOptions): Coordination {
  const keys = createKeys(prefix);
  const happened: CoordinationEvent[] = [];
  const members = createMembers({ redis, key: keys.members(group), ttlMs: memberTtlMs });
  const presence = createPresence({ state, members, id, about, heartbeatMs, clock, report });
  const own = { holder: id, redis, prefix, clock, createId };
  const election = createElection({
    state,
    lease: createLease({
      ...own,
      name: group,
      leaseMs,
      renewDeadlineMs,
      retryMs,
      seenToken: () => state.newestToken,
    }),
    id,
    clock,
    leftMs: () => redis().pttl(keys.lease(group)),
    report(event) {
      report(event);
      happened.push(event);
    },
  });
  const { grant } = election;

  function fenceOf(held: Grant): Fence {
    const isHeld = () => grant()?.value === held.value;
    return createFence({ grant: held, redis, prefix, clock, isHeld, onRefused: () => election.refused(held) });
  }

  async function guard(what: "notice" | "hook", work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      report({ type: "failed", what, error });
    }
  }

  const announce = (held: Grant, leader: string | null, before: string | null) =>
    guard("notice", () =>
      publish?.({ type: "leader-changed", leader, before, token: held.token, at: clock.now() }, fenceOf(held)),
    );

  const afterwards = () => runHooks(happened, { hooks, id, grant, announce, guard });

  function leading(): Grant {
    const held = grant();
    if (!held) throw new NotLeaderError(group, state.leader === id ? null : state.leader);
    return held;
  }

  async function tick(isEager = false): Promise<void> {
    await Promise.all([presence.show(), election.step(isEager)]);
    await afterwards();
  }

  /** Renews the lease until `done` fires. */
  async function keep(done: AbortSignal): Promise<void> {
    while (!done.aborted && grant()) {
      await clock.sleep(election.nextAt() - clock.now(), done);
      if (!done.aborted) await tick();
    }
  }

  async function resign(): Promise<void> {
    await election.resign();
    await afterwards();
  }

  return {
    id,
    tick,
    async asLeader(work) {
      const wasLeading = grant() !== undefined;
      if (!wasLeading) await tick(true);
      const held = grant();
      if (!held) return { led: false, by: state.leader, retryAt: state.tryAt };
      const done = new AbortController();
      const keeping = keep(done.signal);
      try {
        return { led: true, value: await work(fenceOf(held)) };
      } finally {
        done.abort();
        await keeping;
        if (!wasLeading) await resign();
      }
    },
    heartbeat: () => presence.show(),
    nextAt: () => Math.min(state.heartbeatAt, election.nextAt()),
    heartbeatAt: () => state.heartbeatAt,
    leads() {
      const held = grant();
      return held && { actUntil: held.actUntil, endsAt: held.endsAt };
    },
    isLeader: () => grant() !== undefined,
    fence: () => fenceOf(leading()),
    async broadcast(order, data = null) {
      const held = leading();
      if (!publish) throw new Error("Broadcasting needs the option `publish`: it reaches the other instances.");
      const { token } = held;
      return publish({ type: "command", command: order, data, from: id, token, at: clock.now() }, fenceOf(held));
    },
    async receive(message) {
      const notice = readNotice(message);
      if (!notice) return false;
      if (!noteToken(state, notice.token, clock.now())) {
        report({ type: "notice-refused", token: notice.token });
        return false;
      }
      if (notice.type === "command") {
        await guard("hook", () => hooks.onOrder?.(notice.command, notice.data, notice.from));
      } else if (!grant()) {
        election.noteLeader(notice.leader);
        // The instance that left does not try again.
        if (notice.leader === null && notice.before !== id) state.tryAt = clock.now();
        await afterwards();
      }
      return true;
    },
    resign,
    async leave() {
      const held = grant();
      // The notice goes first in the request: it must pass the fence before the lease is freed.
      await Promise.all([held && announce(held, null, id), resign(), presence.leave()]);
    },
    info: () => readCluster({ redis, keys, group, members, id, clock, isLeader: grant() !== undefined }),
    lease: (name, durations = {}) => createLease({ ...own, name, ...durations }),
  };
}
