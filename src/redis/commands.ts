import { Redis, type Requester, type UpstashRequest, type UpstashResponse } from "@upstash/redis/cloudflare";
import { RedisReplyError } from "./errors.ts";
import { type Command, isRead } from "./repeatable.ts";
import { errorFor } from "./sender.ts";
import type { Mode, Reply } from "./transport.ts";

/**
 * The SDK's typed commands whose raw reply is what their type says. The SDK's own deserialisation is off, since it turns
 * some snowflakes into numbers; it also is what shapes the replies of the others (`hgetall` would hand back a flat list
 * typed as an object): send those with `exec` and read the reply as RESP2 gives it.
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

/** Hands commands to the batch and gets their replies. */
export type Submit = (mode: Mode, commands: readonly Command[]) => Promise<Reply[]>;

/**
 * The SDK with its HTTP client taken out and the door put in. Its constructor makes a few hundred functions, so one is
 * made per invocation that needs Redis, and only then.
 */
export function createCommands(submit: Submit): RedisCommands {
  return new Sdk(requester(submit));
}

class Sdk extends Redis {
  constructor(client: Requester) {
    // No request goes to this address: the SDK's own client is replaced before anything can use it.
    super({
      url: "https://door.invalid",
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
      // The SDK's types know neither the body nor that a pipeline answers with a list.
      if (mode === undefined) return (await one(body as Command)) as UpstashResponse<T>;
      if (mode === "pipeline" || mode === "multi-exec") {
        return (await replies(mode, body as Command[])) as UpstashResponse<T>;
      }
      throw new Error(`The door to Redis does not know the path /${path?.join("/")}.`);
    },
  };
}
