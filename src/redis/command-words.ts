import type { Redis } from "@upstash/redis/cloudflare";
import type { Command } from "./repeatable.ts";

// The typed commands as the arrays that are sent, worded as the SDK words them: a test compares the two. The SDK as a whole is
// 78 kB that no bundler can shake, and would take a new isolate 4 ms of its first answer.

/** Commands that are worded as their name and their arguments. */
const plain = [
  "decr",
  "decrby",
  "del",
  "echo",
  "exists",
  "expire",
  "expireat",
  "get",
  "getdel",
  "getrange",
  "hdel",
  "hexists",
  "hget",
  "hincrby",
  "hkeys",
  "hlen",
  "hsetnx",
  "hvals",
  "incr",
  "incrby",
  "lindex",
  "llen",
  "lpop",
  "lpush",
  "lrange",
  "lrem",
  "ltrim",
  "persist",
  "pexpire",
  "pexpireat",
  "psetex",
  "pttl",
  "publish",
  "rpop",
  "rpush",
  "sadd",
  "scard",
  "setex",
  "setnx",
  "sismember",
  "smembers",
  "srem",
  "strlen",
  "touch",
  "ttl",
  "type",
  "unlink",
  "xlen",
  "zcard",
  "zcount",
  "zrank",
  "zrem",
  "zremrangebyrank",
  "zremrangebyscore",
] as const;

/** The arguments of a command, by the SDK's types. */
type Given<Name extends keyof Redis> = Redis[Name] extends (...given: infer Given) => unknown ? Given : never;

/** Commands that are worded otherwise. */
const worded = {
  eval: (...[script, keys, args]: Given<"eval">) => ["eval", script, keys.length, ...keys, ...args],
  evalRo: (...[script, keys, args]: Given<"evalRo">) => ["eval_ro", script, keys.length, ...keys, ...args],
  evalsha: (...[sha, keys, args]: Given<"evalsha">) => ["evalsha", sha, keys.length, ...keys, ...args],
  evalshaRo: (...[sha, keys, args]: Given<"evalshaRo">) => ["evalsha_ro", sha, keys.length, ...keys, ...args],
  exec: (...[command]: Given<"exec">) => command.map(String),
  getex: (...[key, options]: Given<"getex">) => ["getex", key, ...life(options), ...flags(options, "persist")],
  hset: (...[key, fields]: Given<"hset">) => ["hset", key, ...Object.entries(fields).flat()],
  mget: (...keys: Given<"mget">) => ["mget", ...keys.flat()],
  mset: (...[values]: Given<"mset">) => ["mset", ...Object.entries(values).flat()],
  ping: (...[given = []]: Given<"ping">) => ["ping", ...given],
  scriptLoad: (...[script]: Given<"scriptLoad">) => ["script", "load", script],
  set: (...[key, value, options]: Given<"set">) => [
    "set",
    key,
    value,
    ...flags(options, "nx", "xx", "get"),
    ...life(options),
    ...flags(options, "keepTtl"),
  ],
  xack: (...[key, group, ids]: Given<"xack">) => ["xack", key, group, ...[ids].flat()],
  xadd: (...[key, id, fields, { nomkStream, trim } = {}]: Given<"xadd">) => [
    "xadd",
    key,
    ...(nomkStream ? ["NOMKSTREAM"] : []),
    ...(trim ? [trim.type, trim.comparison, trim.threshold, ...limit(trim.limit)] : []),
    id,
    ...Object.entries(fields).flat(),
  ],
  xdel: (...[key, ids]: Given<"xdel">) => ["xdel", key, ...[ids].flat()],
  xtrim: (...[key, { strategy, exactness = "~", threshold, limit: most }]: Given<"xtrim">) => [
    "xtrim",
    key,
    strategy,
    exactness,
    threshold,
    ...limit(most),
  ],
  zadd: (...[key, first, ...more]: Given<"zadd">) => [
    "zadd",
    key,
    ...flags(first, "nx", "xx", "ch", "incr", "lt", "gt"),
    ...[first, ...more].flatMap((one) => ("score" in one ? [one.score, one.member] : [])),
  ],
  zrange: (...[key, min, max, options = {}]: Given<"zrange">) => [
    "zrange",
    key,
    min,
    max,
    ...flags(options, "byScore", "byLex", "rev").map((flag) => flag.toLowerCase()),
    ...(options.count === undefined || options.offset === undefined ? [] : ["limit", options.offset, options.count]),
    ...flags(options, "withScores").map((flag) => flag.toLowerCase()),
  ],
};

/** The names of the typed commands. */
export type CommandName = (typeof plain)[number] | keyof typeof worded;

/** By name: words a call, as text, numbers and booleans. Anything else becomes JSON. */
export const commandWords: ReadonlyMap<string, (given: readonly unknown[]) => Command> = new Map([
  ...plain.map((name) => [name, (given: readonly unknown[]) => toCommand([name, ...given])] as const),
  ...Object.entries(worded).map(
    ([name, word]) => [name, (given: readonly unknown[]) => toCommand(Reflect.apply(word, undefined, given))] as const,
  ),
]);

// --- Internal helpers ---

const toCommand = (words: readonly unknown[]): Command =>
  words.map((word) =>
    typeof word === "string" || typeof word === "number" || typeof word === "boolean" ? word : JSON.stringify(word),
  );

/** The names of the options that are set, in the order of `names`. */
const flags = (options: object | undefined, ...names: readonly string[]): string[] =>
  options ? names.filter((name) => Boolean(Reflect.get(options, name))) : [];

/** The one option that says how long a value lives. A life of 0 is sent too: Redis refuses it. */
function life(options: object = {}): unknown[] {
  const name = ["ex", "px", "exat", "pxat"].find((one) => typeof Reflect.get(options, one) === "number");
  return name === undefined ? [] : [name, Reflect.get(options, name)];
}

const limit = (count: number | undefined): unknown[] => (count === undefined ? [] : ["LIMIT", count]);
