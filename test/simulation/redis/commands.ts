import { never, Refusal, type Reply, type Store } from "./store.ts";
import { streamCommands, streamReads } from "./streams.ts";

// The commands the project uses, as Valkey answers them; `test/simulation/redis/model.test.ts` holds them beside the real one.

export type Words = readonly string[];
export type CommandTable = Readonly<Record<string, (store: Store, words: Words) => Reply>>;

const ok = { status: "OK" } as const;
const syntax = () => new Refusal("ERR syntax error");

export const commands: CommandTable = {
  PING: () => ({ status: "PONG" }),
  TIME: ({ now }) => [String(Math.floor(now / 1_000)), String((now % 1_000) * 1_000)],
  GET: (store, [key = ""]) => store.find(key, "string")?.text ?? null,
  MGET: (store, keys) =>
    keys.map((key) => {
      const value = store.any(key);
      return value?.type === "string" ? value.text : null;
    }),
  SET: set,
  GETEX(store, [key = "", unit = "", life = "", ...rest]) {
    if (!/^(px|ex|)$/i.test(unit) || rest.length > 0) throw syntax();
    const endsAt = unit === "" ? undefined : store.now + lifeOf(life, unit, "getex");
    const standing = store.find(key, "string");
    if (standing && endsAt !== undefined) standing.endsAt = endsAt;
    return standing?.text ?? null;
  },
  DELEX(store, [key = "", condition = "IFEQ", expected = ""]) {
    if (condition.toUpperCase() !== "IFEQ") throw syntax();
    if (store.find(key, "string")?.text !== expected) return 0;
    store.values.delete(key);
    return 1;
  },
  APPEND(store, [key = "", more = ""]) {
    const standing = store.find(key, "string");
    const text = (standing?.text ?? "") + more;
    if (standing) standing.text = text;
    else store.values.set(key, { type: "string", text, endsAt: never });
    return byteLength(text);
  },
  DEL: remove,
  UNLINK: remove,
  EXISTS: (store, keys) => keys.filter((key) => store.any(key)).length,
  INCR: (store, [key = ""]) => increase(store, key, 1),
  INCRBY: (store, [key = "", by = ""]) => increase(store, key, whole(by)),
  PTTL(store, [key = ""]) {
    const value = store.any(key);
    if (!value) return -2;
    return value.endsAt === never ? -1 : value.endsAt - store.now;
  },
  PEXPIRE(store, [key = "", ms = ""]) {
    const value = store.any(key);
    if (!value) return 0;
    value.endsAt = store.now + whole(ms);
    store.any(key);
    return 1;
  },

  HSET(store, [key = "", ...pairs]) {
    if (pairs.length === 0 || pairs.length % 2 === 1)
      throw new Refusal("ERR wrong number of arguments for 'hset' command");
    const fields = hash(store, key);
    let added = 0;
    for (let at = 0; at < pairs.length; at += 2) {
      if (!fields.has(pairs[at] ?? "")) added += 1;
      fields.set(pairs[at] ?? "", { text: pairs[at + 1] ?? "", endsAt: never });
    }
    return added;
  },
  HSETEX(store, [key = "", unit = "", life = "", word = "", count = "", ...pairs]) {
    if (!/^px|ex$/i.test(unit) || !/^fields$/i.test(word) || whole(count) * 2 !== pairs.length) throw syntax();
    const endsAt = store.now + whole(life) * (/^ex$/i.test(unit) ? 1_000 : 1);
    const fields = hash(store, key);
    for (let at = 0; at < pairs.length; at += 2) fields.set(pairs[at] ?? "", { text: pairs[at + 1] ?? "", endsAt });
    return 1;
  },
  HGET: (store, [key = "", field = ""]) => store.find(key, "hash")?.fields.get(field)?.text ?? null,
  HMGET(store, [key = "", ...fields]) {
    const value = store.find(key, "hash");
    return fields.map((field) => value?.fields.get(field)?.text ?? null);
  },
  HGETALL: (store, [key = ""]) =>
    [...(store.find(key, "hash")?.fields ?? [])].flatMap(([field, { text }]) => [field, text]),
  HKEYS: (store, [key = ""]) => [...(store.find(key, "hash")?.fields.keys() ?? [])],
  HLEN: (store, [key = ""]) => store.find(key, "hash")?.fields.size ?? 0,
  HDEL(store, [key = "", ...fields]) {
    const value = store.find(key, "hash");
    const removed = fields.filter((field) => value?.fields.delete(field)).length;
    store.tidy(key);
    return removed;
  },
  HINCRBY(store, [key = "", field = "", by = ""]) {
    const more = whole(by);
    const fields = hash(store, key);
    const standing = fields.get(field);
    const sum = whole(standing?.text ?? "0", "ERR hash value is not an integer") + more;
    fields.set(field, { text: String(sum), endsAt: standing?.endsAt ?? never });
    return sum;
  },

  ZADD(store, [key = "", ...rest]) {
    const isUpdate = /^xx$/i.test(rest[0] ?? "");
    const isLess = /^lt$/i.test(rest[0] ?? "");
    const pairs = isUpdate || isLess ? rest.slice(1) : rest;
    if (pairs.length === 0 || pairs.length % 2 === 1) throw syntax();
    const numbers = pairs.map((word, at) => (at % 2 === 0 && word !== "" ? Number(word) : 0));
    if (pairs.some((word, at) => at % 2 === 0 && (word === "" || Number.isNaN(Number(word))))) {
      throw new Refusal("ERR value is not a valid float");
    }
    const value = store.find(key, "zset");
    const scores = value?.scores ?? new Map<string, number>();
    let added = 0;
    for (let at = 0; at < pairs.length; at += 2) {
      const score = numbers[at] ?? 0;
      const member = pairs[at + 1] ?? "";
      if (isUpdate && !scores.has(member)) continue;
      if (isLess && (scores.get(member) ?? Number.POSITIVE_INFINITY) <= score) continue;
      if (!scores.has(member)) added += 1;
      scores.set(member, score);
    }
    if (!value && scores.size > 0) store.values.set(key, { type: "zset", scores, endsAt: never });
    return added;
  },
  ZRANGE(store, [key = "", from = "", to = "", option = "", ...limit]) {
    if (/^bylex$/i.test(option)) return byLex(store, key, from, to, limit);
    if (/^byscore$/i.test(option)) return byScore(store, key, from, to, limit);
    if (limit.length > 0 || (option !== "" && !/^withscores$/i.test(option))) throw syntax();
    const [first, last] = [whole(from), whole(to)];
    const sorted = [...(store.find(key, "zset")?.scores ?? [])].toSorted(
      ([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0),
    );
    const found = slice(sorted, first, last);
    return option === ""
      ? found.map(([member]) => member)
      : found.flatMap(([member, score]) => [member, String(score)]);
  },
  ZSCORE(store, [key = "", member = ""]) {
    const score = store.find(key, "zset")?.scores.get(member);
    return score === undefined ? null : String(score);
  },
  ZCARD: (store, [key = ""]) => store.find(key, "zset")?.scores.size ?? 0,
  ZREMRANGEBYSCORE(store, [key = "", from = "", to = ""]) {
    const scores = store.find(key, "zset")?.scores ?? new Map<string, number>();
    const bound = (text: string) => (text === "-inf" ? Number.NEGATIVE_INFINITY : Number(text));
    const removed = [...scores].filter(([, score]) => score >= bound(from) && score <= bound(to));
    for (const [member] of removed) scores.delete(member);
    store.tidy(key);
    return removed.length;
  },
  ZREM(store, [key = "", ...members]) {
    const value = store.find(key, "zset");
    const removed = members.filter((member) => value?.scores.delete(member)).length;
    store.tidy(key);
    return removed;
  },

  RPUSH(store, [key = "", ...items]) {
    const value = store.find(key, "list");
    if (value) return value.items.push(...items);
    store.values.set(key, { type: "list", items: [...items], endsAt: never });
    return items.length;
  },
  LRANGE(store, [key = "", from = "", to = ""]) {
    const [first, last] = [whole(from), whole(to)];
    return slice(store.find(key, "list")?.items ?? [], first, last);
  },
  ...streamCommands,
};

/** Change nothing: a replica may answer them. */
export const reads = new Set([
  ..."PING GET MGET EXISTS PTTL HGET HMGET HGETALL HKEYS HLEN ZRANGE ZSCORE ZCARD LRANGE".split(" "),
  ...streamReads,
]);

// --- Internal helpers ---

function set(store: Store, [key = "", text = "", ...options]: Words): Reply {
  let endsAt = never;
  let isNew = false;
  let isGet = false;
  let expected: string | undefined;
  for (let at = 0; at < options.length; at++) {
    const option = options[at]?.toUpperCase();
    if (option === "NX") isNew = true;
    else if (option === "GET") isGet = true;
    else if (option === "IFEQ") expected = options[++at];
    else if (option === "PX" || option === "EX") {
      endsAt = store.now + lifeOf(options[++at] ?? "", option, "set");
    } else throw syntax();
  }
  const standing = isGet || expected !== undefined ? store.find(key, "string") : store.any(key);
  const before = standing?.type === "string" ? standing.text : null;
  const isRefused = (isNew && standing !== undefined) || (expected !== undefined && before !== expected);
  if (!isRefused) store.values.set(key, { type: "string", text, endsAt });
  if (isGet) return before;
  return isRefused ? null : ok;
}

/** In milliseconds; `PX` or `EX` says what unit the text is in. */
function lifeOf(text: string, unit: string, command: string): number {
  const life = whole(text);
  if (life <= 0) throw new Refusal(`ERR invalid expire time in '${command}' command`);
  return life * (/^ex$/i.test(unit) ? 1_000 : 1);
}

function remove(store: Store, keys: Words): Reply {
  return keys.filter((key) => store.any(key) && store.values.delete(key)).length;
}

function increase(store: Store, key: string, by: number): Reply {
  const standing = store.find(key, "string");
  const sum = whole(standing?.text ?? "0") + by;
  store.values.set(key, { type: "string", text: String(sum), endsAt: standing?.endsAt ?? never });
  return sum;
}

function hash(store: Store, key: string) {
  const standing = store.find(key, "hash");
  if (standing) return standing.fields;
  const fields = new Map<string, { text: string; endsAt: number }>();
  store.values.set(key, { type: "hash", fields, endsAt: never });
  return fields;
}

/** Members in their order, as it is when all scores are the same. */
function byLex(store: Store, key: string, from: string, to: string, limit: Words): Reply {
  const [word, offset = "0", count = "-1"] = limit;
  if (limit.length > 0 && (limit.length !== 3 || !/^limit$/i.test(word ?? ""))) throw syntax();
  for (const bound of [from, to]) {
    if (!/^[-+]$|^[[(]/.test(bound)) throw new Refusal("ERR min or max not valid string range item");
  }
  const [first, most] = [whole(offset), whole(count)];
  const members = [...(store.find(key, "zset")?.scores.keys() ?? [])].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const isAfter = (member: string) =>
    from === "-" || (from[0] === "[" ? member >= from.slice(1) : from[0] === "(" && member > from.slice(1));
  const isBefore = (member: string) =>
    to === "+" || (to[0] === "[" ? member <= to.slice(1) : to[0] === "(" && member < to.slice(1));
  const found = members.filter((member) => isAfter(member) && isBefore(member));
  return found.slice(first, most < 0 ? undefined : first + most);
}

/** Members between two scores, the lowest first. */
function byScore(store: Store, key: string, from: string, to: string, options: Words): Reply {
  const withScores = /^withscores$/i.test(options.at(-1) ?? "");
  const [word, offset = "0", count = "-1", ...more] = withScores ? options.slice(0, -1) : options;
  if (more.length > 0 || (word !== undefined && !/^limit$/i.test(word))) throw syntax();
  const bound = (text: string) => {
    const score = Number(text.replace(/^\(/, "").replace(/^([-+]?)inf$/i, "$1Infinity"));
    if (text === "" || Number.isNaN(score)) throw new Refusal("ERR min or max is not a float");
    return { score, isOpen: text.startsWith("(") };
  };
  const [low, high] = [bound(from), bound(to)];
  const found = [...(store.find(key, "zset")?.scores ?? [])]
    .filter(([, score]) => (low.isOpen ? score > low.score : score >= low.score))
    .filter(([, score]) => (high.isOpen ? score < high.score : score <= high.score))
    .toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0))
    .slice(whole(offset), whole(count) < 0 ? undefined : whole(offset) + whole(count));
  return found.flatMap(([member, score]) => (withScores ? [member, String(score)] : [member]));
}

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;

function whole(text: string, refusal = "ERR value is not an integer or out of range"): number {
  if (!/^(0|-?[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Refusal(refusal);
  return Number(text);
}

function slice<T>(items: readonly T[], from: number, to: number): T[] {
  const [first, last] = [from, to].map((index) => (index < 0 ? items.length + index : index));
  return items.slice(Math.max(0, first ?? 0), Math.max(0, (last ?? 0) + 1));
}
