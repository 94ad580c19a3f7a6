import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEngine, createRedisRestServer, type RedisRestServer } from "../../../local/redis/index.ts";
import { fenced, runCommands } from "../../../src/coordination/fence.lua.ts";
import { claimScript, finishScript } from "../../../src/jobs/scripts.lua.ts";
import { createLua } from "./lua.ts";
import { createServer } from "./server.ts";

// The model beside the real Valkey: the same commands, the same answers. Time is left out: lives are long or absent.

const token = "differential";
let real: RedisRestServer;
beforeAll(async () => {
  real = await createRedisRestServer({ backend: await createEngine(), token });
});
afterAll(() => real.close());

async function ask(commands: readonly (readonly string[])[]): Promise<unknown[]> {
  const response = await fetch(`${real.url}/pipeline`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(commands),
  });
  return (await response.json()) as unknown[];
}

const key = fc.constantFrom("a", "b", "c");
const field = fc.constantFrom("x", "y", "z");
const text = fc.constantFrom("", "1", "7", "-3", "one two", "é", "1800000000000.0009765625");
const number = fc.constantFrom("0", "1", "-1", "2", "1.5", "1800000000000", "1800000000000.0009765625", "no", "");
const rank = fc.constantFrom("0", "1", "-1", "-2", "5", "x");
const bound = fc.constantFrom("-", "+", "(x", "[y", "(z", "y");
const life = fc.constantFrom("60000", "0", "-1", "soon");
const place = fc.constantFrom("1-1", "1-2", "2-0", "2-5", "3-1", "4-0", "0-0");
/** Those of the places, one above them all, and one below. */
const fenceToken = fc.constantFrom("1001", "1002", "2000", "2005", "3001", "4000", "10000", "999");
const edge = fc.oneof(place, fc.constantFrom("-", "+", "(1-2", "(2-0", "2", "1-18446744073709551615"));
const rule = fc.constantFrom("MINID", "MAXLEN");
const limit = fc.constantFrom("0", "1", "2", "3");
const consumer = fc.constantFrom("w1", "w2");
const command = (...words: (string | fc.Arbitrary<string>)[]) =>
  fc.tuple(...words.map((word) => (typeof word === "string" ? fc.constant(word) : word)));

const anything = fc.oneof(
  ...["GET", "INCR", "PTTL", "HGETALL", "HKEYS", "HLEN", "ZCARD", "DEL", "EXISTS", "UNLINK"].map((name) =>
    command(name, key),
  ),
  command("SET", key, text),
  command("SET", key, text, "NX", "GET", "PX", life),
  command("SET", key, text, "NX"),
  command("SET", key, text, "IFEQ", text),
  command("SET", key, text, "IFEQ", text, "PX", "60000", "GET"),
  command("SET", key, text, "GET"),
  command("SET", key, text, "ODD"),
  command("GETEX", key),
  command("GETEX", key, "PX", life),
  command("APPEND", key, text),
  command("DELEX", key, "IFEQ", text),
  command("MGET", key, key),
  command("INCRBY", key, number),
  command("HSET", key, field, text),
  command("HSET", key, field, text, field, text),
  command("HSETEX", key, "PX", "60000", "FIELDS", "1", field, text),
  command("HSETEX", key, "PX", "60000", "FIELDS", "2", field, text),
  command("HGET", key, field),
  command("HMGET", key, field, field),
  command("HDEL", key, field, field),
  command("HINCRBY", key, field, fc.constantFrom("1", "-2")),
  command("ZADD", key, number, field),
  command("ZADD", key, "XX", number, field, number, field),
  command("ZADD", key, "LT", number, field),
  command(
    "ZRANGE",
    key,
    fc.constantFrom("0", "-inf", "3"),
    fc.constantFrom("(inf", "+inf", "(5", "7"),
    "BYSCORE",
    "LIMIT",
    "0",
    fc.constantFrom("2", "-1"),
    "WITHSCORES",
  ),
  command("ZRANGE", key, rank, rank),
  command("ZRANGE", key, rank, rank, "WITHSCORES"),
  command("ZRANGE", key, bound, bound, "BYLEX"),
  command("ZRANGE", key, bound, "+", "BYLEX", "LIMIT", fc.constantFrom("0", "1"), fc.constantFrom("2", "-1")),
  command("ZSCORE", key, field),
  command("ZREM", key, field, field),
  command("ZREMRANGEBYSCORE", key, fc.constantFrom("-inf", "2"), fc.constantFrom("3", "5")),
  command("RPUSH", key, text, text),
  command("LRANGE", key, rank, rank),
  command("XADD", key, place, field, text),
  command("XADD", key, place, field, text),
  command("XADD", key, rule, "=", limit, place, field, text, field, text),
  command("XADD", key, rule, "~", limit, place, field, text),
  command("XADD", key, "MAXLEN", fc.constantFrom("1", "0", "2"), place, field, text),
  command("XADD", key, "x", field, text),
  command("XTRIM", key, rule, limit),
  command("XTRIM", key, rule, "~", limit),
  command("XLEN", key),
  command("XDEL", key, place, place),
  command("XRANGE", key, edge, edge),
  command("XRANGE", key, edge, "+", "COUNT", "2"),
  command("XREVRANGE", key, edge, edge, "COUNT", "1"),
  command("XREAD", "COUNT", "2", "STREAMS", key, fc.oneof(place, fc.constant("$"))),
  command("XINFO", "STREAM", key),
  command("XGROUP", "CREATE", key, "g", fc.constantFrom("0", "$", "1-2"), "MKSTREAM"),
  command("XGROUP", "CREATE", key, "g", "0"),
  command("XREADGROUP", "GROUP", "g", consumer, "COUNT", "2", "STREAMS", key, ">"),
  command("XACK", key, "g", place, place),
  command("XPENDING", key, "g", "IDLE", "0", edge, edge, "3"),
  command("XPENDING", key, "g", "IDLE", "60000", "-", "+", "3"),
  command("XCLAIM", key, "g", consumer, fc.constantFrom("0", "60000"), place, place),
  command("EVAL", fenced(runCommands), "2", key, key, text, fenceToken, "3", "SET", key, text, "2", "GET", key),
  command(
    "EVAL",
    finishScript,
    "4",
    key,
    key,
    key,
    key,
    field,
    number,
    fc.constantFrom("done", "again", "dead"),
    text,
    "5",
    "6",
    "60000",
  ),
  command("EVAL", "return {1, 2.7, 'x', false, true, {ok='FINE'}, nil, 9}", "0"),
  command("EVAL", "return redis.call('GET', KEYS[1])", "1", key),
  command("EVAL", "return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')", "1", key),
);

/** Two servers word what they refuse by their own place in the source; the kind of refusal is what callers go by. */
const comparable = (reply: unknown): unknown => {
  if (typeof reply === "object" && reply !== null && "error" in reply) {
    return { error: String(reply.error).split(" ", 1)[0] };
  }
  return reply;
};

it("answers as the real one does, whatever comes in whatever order", { timeout: 60_000 }, async () => {
  const lua = createLua();
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 40 }), async (commands) => {
      await ask([["FLUSHALL"]]);
      const model = createServer(lua);
      const answers: unknown = JSON.parse(model.answer(JSON.stringify(commands), Date.now()).body);
      const expected = (await ask(commands)).map(comparable);
      const own = (answers as unknown[]).map(comparable);
      for (const [index, words] of commands.entries()) {
        const name = words[0] ?? "";
        if (name === "PTTL" && Number(replyOf(expected[index])) > 0) continue;
        // A hash has no order; the others do.
        const shape = shapes[name] ?? ((reply: unknown) => reply);
        const [mine, theirs] = [own[index], expected[index]].map(shape);
        expect([commands.slice(0, index + 1), mine]).toEqual([commands.slice(0, index + 1), theirs]);
      }
    }),
    { numRuns: 600 },
  );
});

it("mints tokens as the real one does, once a stream is ahead of the clock", async () => {
  const model = createServer(createLua());
  const ids = ["9000000000000-9", "9000000000000-998", "9000000000001-0", "8999999999999-5"];
  const mint = (id: string) => ["XADD", "le", "MAXLEN", "1", id, "holder", `of ${id}`];
  const look = [
    ["XREVRANGE", "le", "+", "-", "COUNT", "1"],
    ["XLEN", "le"],
    ["GET", "x"],
  ];
  const write = (token: number, value: string) => [
    ["EVAL", fenced(runCommands), "2", "le", "x", value, String(token), "3", "APPEND", "x", `${value};`],
    ...look,
  ];
  const commands = ids.flatMap((id) => [mint(id), mint("*"), mint("*"), ...look]);
  commands.push(
    ...write(9_000_000_000_001_003, "of *"),
    ...write(9_000_000_000_001_004, "of *"),
    ...write(9_000_000_000_001_004, "another"),
    ...write(9_000_000_000_010_000, "greater"),
    ["XADD", "le", "MAXLEN", "1", "9000000000010-5000", "holder", "many"],
    ...write(9_000_000_000_010_998, "many?"),
    ...write(9_000_000_000_010_999, "many"),
    ...write(9_000_000_000_011_000, "next"),
  );
  await ask([["FLUSHALL"]]);
  const expected = (await ask(commands)).map(comparable);
  const own = (JSON.parse(model.answer(JSON.stringify(commands), Date.now()).body) as unknown[]).map(comparable);
  for (const [index, words] of commands.entries())
    expect([index, words, own[index]]).toEqual([index, words, expected[index]]);
  expect(own.at(-1)).toEqual({ result: "of *;greater;many;next;" });
});

it("claims jobs as the real one does", async () => {
  const lua = createLua();
  const model = createServer(lua);
  const setUp = [
    ["FLUSHALL"],
    ["ZADD", "due", "5", "a", "7.0009765625", "b", "9999999999999", "later"],
    ["HSET", "jobs", "a", "A", "b", "B"],
  ];
  const claim = ["EVAL", claimScript, "2", "due", "jobs", "60000", "2"];
  type Claimed = [now: number, next: string, ids: string[], scores: string[], claims: string[], records: string[]];
  const [expected] = (await ask([...setUp, claim])).slice(3) as { result: Claimed }[];
  const own = JSON.parse(model.answer(JSON.stringify([...setUp.slice(1), claim]), Date.now()).body)[2];
  const fractions = (claims: string[]) => claims.map((one) => Math.round((Number(one) % 1) * 1024));
  const shape = ([now, next, ids, scores, claims, records]: Claimed) => [
    Math.abs(now - Date.now()) < 5_000,
    next,
    ids,
    scores.map(Number),
    fractions(claims),
    records,
  ];
  expect(shape(own.result)).toEqual(shape(expected?.result ?? [0, "", [], [], [], []]));
  expect(shape(own.result)).toEqual([true, "9999999999999", ["a", "b"], [5, 7.0009765625], [1, 2], ["A", "B"]]);
});

// --- Internal helpers ---

const replyOf = (reply: unknown): unknown => (reply as { result?: unknown }).result;

/** What is compared of a reply where that is not all of it. */
const shapes: Record<string, (reply: unknown) => unknown> = {
  HGETALL: pairs,
  // The real one says more, of itself and of its trees.
  XINFO: (reply) => {
    const flat = replyOf(reply);
    if (!Array.isArray(flat)) return reply;
    const names = ["length", "last-generated-id", "entries-added", "groups", "first-entry", "last-entry"];
    return names.map((name) => [name, flat[flat.indexOf(name) + 1]]);
  },
  // How long ago depends on whose clock it was.
  XPENDING: (reply) => {
    const list = replyOf(reply);
    return Array.isArray(list) ? list.map(([id, who, , count]: unknown[]) => [id, who, count]) : reply;
  },
};

function pairs(reply: unknown): unknown {
  const flat = replyOf(reply);
  if (!Array.isArray(flat)) return reply;
  return flat.flatMap((_, index) => (index % 2 === 0 ? [`${flat[index]}=${flat[index + 1]}`] : [])).toSorted();
}
