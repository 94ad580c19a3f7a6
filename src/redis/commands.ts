import { Redis, type Requester, type UpstashRequest, type UpstashResponse } from "@upstash/redis/cloudflare";
import { RedisReplyError } from "./errors.ts";
import { type Command, isRead } from "./repeatable.ts";
import { errorFor } from "./sender.ts";
import type { Mode, Reply } from "./transport.ts";

/**
 * The SDK's typed commands whose raw reply matches their type. The SDK's deserialisation is off, because it turns some
 * snowflakes into numbers. It also shapes the replies of the commands left out (`hgetall` would return a flat list typed as
 * an object): send those with `exec`, and read the reply as RESP2 defines it.
 *
 * A part takes the narrowest slice it calls, such as `Pick<RedisCommands, "get" | "set">`.
 */
export type RedisCommands = Pick<
  Redis,
  | "decr"
  | "decrby"
  | "del"
  | "echo"
  | "eval"
  | "evalRo"
  | "evalsha"
  | "evalshaRo"
  | "exec"
  | "exists"
  | "expire"
  | "expireat"
  | "get"
  | "getdel"
  | "getex"
  | "getrange"
  | "hdel"
  | "hexists"
  | "hget"
  | "hincrby"
  | "hkeys"
  | "hlen"
  | "hset"
  | "hsetnx"
  | "hvals"
  | "incr"
  | "incrby"
  | "lindex"
  | "llen"
  | "lpop"
  | "lpush"
  | "lrange"
  | "lrem"
  | "ltrim"
  | "mget"
  | "mset"
  | "multi"
  | "persist"
  | "pexpire"
  | "pexpireat"
  | "ping"
  | "psetex"
  | "pttl"
  | "publish"
  | "rpop"
  | "rpush"
  | "sadd"
  | "scard"
  | "scriptLoad"
  | "set"
  | "setex"
  | "setnx"
  | "sismember"
  | "smembers"
  | "srem"
  | "strlen"
  | "touch"
  | "ttl"
  | "type"
  | "unlink"
  | "xack"
  | "xadd"
  | "xdel"
  | "xlen"
  | "xtrim"
  | "zadd"
  | "zcard"
  | "zcount"
  | "zrank"
  | "zrange"
  | "zrem"
  | "zremrangebyrank"
  | "zremrangebyscore"
>;

/** Adds commands to the batch and resolves with their replies. */
export type Submit = (mode: Mode, commands: readonly Command[]) => Promise<Reply[]>;

/**
 * Returns the SDK with its HTTP client replaced by `submit`. The SDK's constructor makes a few hundred functions, so an
 * invocation calls this only once it needs Redis.
 */
export function createCommands(submit: Submit): RedisCommands {
  return new Sdk(requester(submit));
}

class Sdk extends Redis {
  constructor(client: Requester) {
    // No request goes to this address: the SDK's own client is replaced before anything can use it.
    super({
      url: "https://redis.invalid",
      token: "unused",
      automaticDeserialization: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
    });
    this.client = client;
  }
}

// --- Internal helpers ---

function requester(submit: Submit): Requester {
  async function one(command: Command): Promise<Reply> {
    const [reply] = await replies("pipeline", [command]);
    if (reply?.error !== undefined) throw new RedisReplyError(String(command[0]).toUpperCase(), reply.error);
    return { result: reply?.result };
  }

  async function replies(mode: Mode, commands: readonly Command[]): Promise<Reply[]> {
    try {
      return await submit(mode, commands);
    } catch (cause) {
      // A transaction or pipeline is as unknown as its least certain command.
      throw errorFor(commands.find((command) => !isRead(command)) ?? commands[0] ?? [], cause);
    }
  }

  return {
    async request<T>({ path, body, isStreaming }: UpstashRequest): Promise<UpstashResponse<T>> {
      if (isStreaming)
        throw new Error("Subscriptions need an open connection, which a Worker cannot keep: use pubsub/.");
      const mode = path?.[0];
      // The SDK's types leave the body unknown, and do not say that a pipeline answers with a list.
      if (mode === undefined) return (await one(body as Command)) as UpstashResponse<T>;
      if (mode === "pipeline" || mode === "multi-exec") {
        return (await replies(mode, body as Command[])) as UpstashResponse<T>;
      }
      throw new Error(`The connection to Redis has no path /${path?.join("/")}.`);
    },
  };
}
