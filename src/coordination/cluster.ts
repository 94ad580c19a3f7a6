import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { CoordinationKeys } from "./keys.ts";
import { holderOf } from "./lease.ts";
import type { Member, Members } from "./members.ts";
import { readToken, type TokenCommands } from "./token-stream.ts";

/** The group as Redis has it, and this instance's place in it. */
export interface ClusterInfo {
  id: string;
  /** This instance may act as leader now, by its own clock. */
  isLeader: boolean;
  leader: string | null;
  /** The newest fencing token; 0 before the first leader. */
  token: number;
  /** How long Redis still keeps the lease, in milliseconds; 0 when it is free. */
  leaseLeftMs: number;
  members: ClusterMember[];
}

export interface ClusterMember extends Member {
  isLeader: boolean;
  isSelf: boolean;
  /** Time since its last heartbeat, in milliseconds. Off by the difference between the two clocks. */
  silentMs: number;
}

/** The commands that read the group, besides those for members. */
export type ClusterCommands = Pick<RedisCommands, "get" | "pttl"> & TokenCommands;

export interface ClusterRead {
  redis(): ClusterCommands;
  keys: CoordinationKeys;
  group: string;
  members: Members;
  id: string;
  clock: Pick<Clock, "now">;
  isLeader: boolean;
}

/** Returns the group as Redis has it. Cost: 4 commands, 1 round trip. */
export async function readCluster({
  redis,
  keys,
  group,
  members,
  id,
  clock,
  isLeader,
}: ClusterRead): Promise<ClusterInfo> {
  const [held, leftMs, token, present] = await Promise.all([
    redis().get<string>(keys.lease(group)),
    redis().pttl(keys.lease(group)),
    readToken(redis(), keys.tokens(group)),
    members.list(),
  ]);
  const leader = held === null ? null : holderOf(held);
  const at = clock.now();
  return {
    id,
    isLeader,
    leader,
    token,
    leaseLeftMs: Math.max(0, leftMs),
    members: present.map((member) => ({
      ...member,
      isLeader: member.id === leader,
      isSelf: member.id === id,
      silentMs: Math.max(0, at - member.seenAt),
    })),
  };
}
