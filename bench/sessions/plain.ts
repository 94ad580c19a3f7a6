import { Redis } from "@upstash/redis";
import type { Contender, Sessions } from "./contender.ts";
import { ttlMs } from "./contender.ts";

/** How a store with one key per session works, over the same REST API. These find an owner's sessions with KEYS. */
interface Habit {
  name: string;
  /** Reads a session and slides its expiry. */
  read(redis: Redis, key: string): Promise<string | null>;
  /** Whether an update slides the expiry with its read too. */
  touchesOnUpdate: boolean;
}

const habits: Habit[] = [
  {
    // connect-redis under express-session: GET, then a touch by EXPIRE; an update is read, changed and saved.
    name: "GET + EXPIRE",
    async read(redis, key) {
      const text = await redis.get<string>(key);
      await redis.pexpire(key, ttlMs);
      return text;
    },
    touchesOnUpdate: false,
  },
  {
    // hono-sessions: the whole session is saved again by every request.
    name: "GET + SET",
    async read(redis, key) {
      const text = await redis.get<string>(key);
      if (text !== null) await redis.set(key, text, { px: ttlMs });
      return text;
    },
    touchesOnUpdate: true,
  },
  {
    // The usual class of a bot: every get saves, and every update is a get and one more save.
    name: "SETEX on all",
    async read(redis, key) {
      const text = await redis.get<string>(key);
      if (text !== null) await redis.setex(key, ttlMs / 1_000, text);
      return text;
    },
    touchesOnUpdate: true,
  },
];

export const plain: Contender[] = habits.map((habit) => ({
  name: habit.name,
  open(url, token): Sessions {
    const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false });
    const keyOf = (owner: string, id: string) => `session:${owner}:${id}`;
    const parse = (text: string | null) => JSON.parse(text ?? "{}") as { count: number };
    return {
      async create(owner) {
        const id = crypto.randomUUID();
        await redis.set(keyOf(owner, id), JSON.stringify({ count: 0 }), { px: ttlMs });
        return id;
      },
      read: (owner, id) => habit.read(redis, keyOf(owner, id)),
      async increment(owner, id) {
        const key = keyOf(owner, id);
        const { count } = parse(habit.touchesOnUpdate ? await habit.read(redis, key) : await redis.get<string>(key));
        await redis.set(key, JSON.stringify({ count: count + 1 }), { px: ttlMs });
      },
      async list(owner) {
        const keys = await redis.keys(`session:${owner}:*`);
        return Promise.all(keys.map((key) => habit.read(redis, key)));
      },
      async revokeAll(owner) {
        const keys = await redis.keys(`session:${owner}:*`);
        return redis.del(...keys);
      },
      counter: async (owner, id) => parse(await redis.get<string>(keyOf(owner, id))).count,
      settled: async () => {},
    };
  },
}));
