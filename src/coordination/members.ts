import type { RedisCommands } from "../redis/index.ts";

/** One instance, as of its last heartbeat. */
export interface Member {
  id: string;
  /** When it joined, by its own clock in epoch milliseconds. */
  joinedAt: number;
  /** When it sent its last heartbeat, by its own clock in epoch milliseconds. */
  seenAt: number;
  /** A note for the other instances, such as a version. */
  about: string;
}

/** The members of a group: a hash whose fields expire one by one, so that a silent member is gone within `ttlMs`. */
export interface Members {
  /** Keeps a member for another `ttlMs`. Cost: 1 command, 1 round trip. */
  heartbeat(member: Member): Promise<void>;
  /** Returns the members, in the order in which they joined. Cost: 1 command, 1 round trip. */
  list(): Promise<Member[]>;
  /** Removes a member at once. Cost: 1 command, 1 round trip. */
  leave(id: string): Promise<void>;
}

/** The commands that keep members. */
export type MemberCommands = Pick<RedisCommands, "exec" | "hdel">;

export interface MembersOptions {
  redis(): MemberCommands;
  key: string;
  ttlMs: number;
}

export const createMembers = ({ redis, key, ttlMs }: MembersOptions): Members => ({
  async heartbeat({ id, joinedAt, seenAt, about }) {
    const text = JSON.stringify([joinedAt, seenAt, about]);
    await redis().exec(["HSETEX", key, "PX", ttlMs, "FIELDS", 1, id, text]);
  },
  async list() {
    const flat = await redis().exec<string[]>(["HGETALL", key]);
    const members = flat.flatMap((id, index) => (index % 2 === 0 ? readMember(id, flat[index + 1]) : []));
    return members.toSorted((a, b) => a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : 1));
  },
  async leave(id) {
    await redis().hdel(key, id);
  },
});

// --- Internal helpers ---

/** Returns no member for a record that another version of the bot wrote and this one cannot read. */
function readMember(id: string, text = ""): Member[] {
  try {
    const [joinedAt, seenAt, about]: unknown[] = JSON.parse(text);
    return typeof joinedAt === "number" && typeof seenAt === "number" && typeof about === "string"
      ? [{ id, joinedAt, seenAt, about }]
      : [];
  } catch {
    return [];
  }
}
