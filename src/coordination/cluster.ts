import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import type { CoordinationKeys } from "./keys.ts";
import { holderOf } from "./lease.ts";
import type { Member, Members } from "./members.ts";

/** The group as Redis has it, and our own place in it. */
export interface ClusterInfo {
  id: string;
  /** May we act as leader now, by our own clock? */
  isLeader: boolean;
  leader: string | null;
  /** The newest fencing token; 0 before the first leader. */
  token: number;
  /** How long Redis keeps the lease yet, in milliseconds; 0 when nobody holds it. */
  leaseLeftMs: number;
  members: ClusterMember[];
}

export interface ClusterMember extends Member {
  isLeader: boolean;
  isSelf: boolean;
  /** How long ago it showed itself: by its clock and ours, so off by what they differ. */
  silentMs: number;
}

/** The commands that read the group, members apart. */
export type ClusterCommands = Pick<RedisCommands, "get" | "pttl">;

export interface ClusterRead {
  redis(): ClusterCommands;
  keys: CoordinationKeys;
  group: string;
  members: Members;
  id: string;
  clock: Pick<Clock, "now">;
  isLeader: boolean;
}

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
    redis().get<string>(keys.token(group)),
    members.list(),
  ]);
  const leader = held === null ? null : holderOf(held);
  const at = clock.now();
  return {
    id,
    isLeader,
    leader,
    token: Number(token ?? 0),
    leaseLeftMs: Math.max(0, leftMs),
    members: present.map((member) => ({
      ...member,
      isLeader: member.id === leader,
      isSelf: member.id === id,
      silentMs: Math.max(0, at - member.seenAt),
    })),
  };
}
