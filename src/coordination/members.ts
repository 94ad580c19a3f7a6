import type { RedisCommands } from "../redis/index.ts";

/** One instance, by what it last said of itself. */
export interface Member {
  id: string;
  /** When it joined and when it last showed itself, by its own clock in epoch milliseconds. */
  joinedAt: number;
  seenAt: number;
  /** Whatever it wants the others to know. */
  about: string;
}

/** The members of a group: a hash whose fields expire one by one, so that who is silent vanishes within `ttlMs`. */
export interface Members {
  /** Shows ourselves for another `ttlMs`. 1 command in 1 round trip. */
  beat(member: Member): Promise<void>;
  /** Everybody who has shown themselves within their time to live. 1/1. */
  list(): Promise<Member[]>;
  /** Vanishes at once. 1/1. */
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
  async beat({ id, joinedAt, seenAt, about }) {
    const text = JSON.stringify([joinedAt, seenAt, about]);
    await redis().exec(["HSETEX", key, "PX", ttlMs, "FIELDS", 1, id, text]);
  },
  async list() {
    const flat = await redis().exec<string[]>(["HGETALL", key]);
    const members: Member[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const member = readMember(flat[at] ?? "", flat[at + 1] ?? "");
      if (member) members.push(member);
    }
    return members.toSorted((a, b) => a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : 1));
  },
  async leave(id) {
    await redis().hdel(key, id);
  },
});

// --- Internal helpers ---

/** Another version of the bot may write what this one cannot read: it is left out. */
function readMember(id: string, text: string): Member | undefined {
  try {
    const [joinedAt, seenAt, about]: unknown[] = JSON.parse(text);
    return typeof joinedAt === "number" && typeof seenAt === "number" && typeof about === "string"
      ? { id, joinedAt, seenAt, about }
      : undefined;
  } catch {
    return undefined;
  }
}
