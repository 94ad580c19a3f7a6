import { expect, it } from "vitest";
import { ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import type { Command } from "../../../../../local/redis/rest/arguments.ts";
import { createJobs, type JobsOptions } from "../../../../../local/redis/rest/jobs.ts";
import { createScripts } from "../../../../../local/redis/rest/scripts.ts";

/** Makes the jobs of an engine, and keeps what is billed. */
function jobsFor(more: Partial<JobsOptions> = {}) {
  const billed: string[] = [];
  const createJob = createJobs({ scripts: createScripts(), hasDelex: true, hasStatistics: true, ...more });
  const counter = { countCommand: (name: string, times = 1) => void billed.push(`${name} ${times}`) };
  return { billed, job: (line: string) => createJob(line.split(" ") as unknown as Command, counter) };
}

it("measures a script between two statistics, where the engine keeps them", () => {
  const { job } = jobsFor();
  expect(job("evalsha abc 0")).toMatchObject({
    send: [
      ["INFO", "commandstats"],
      ["evalsha", "abc", "0"],
      ["INFO", "commandstats"],
    ],
    isMeasured: true,
    isAlone: false,
  });
  const { billed, job: plainJob } = jobsFor({ hasStatistics: false });
  const plain = plainJob("EVAL return 0");
  expect(plain).toMatchObject({ send: [["EVAL", "return", "0"]], isMeasured: false, isAlone: false });
  expect(plain.finish([1])).toBe(1);
  expect(billed).toEqual(["EVAL 1"]);
});

it("bills what a script called, then the script", () => {
  const { billed, job } = jobsFor();
  const stats = (calls: number) => Buffer.from(`cmdstat_get:calls=${calls},usec=1\r\n`);
  expect(job("EVAL x 0").finish([stats(1), 7, Buffer.from("cmdstat_get:calls=4,x\ncmdstat_info:calls=1,x")])).toBe(7);
  expect(billed).toEqual(["GET 3", "EVAL 1"]);
  expect(job("EVAL x 0").finish([])).toBeNull();
});

it("sends DELEX to an engine that has it, and a script to one that has not", () => {
  expect(jobsFor().job("DELEX k IFDEQ x").send).toEqual([["DELEX", "k", "IFDEQ", "x"]]);
  const { billed, job } = jobsFor({ hasDelex: false });
  expect(job("delex k ifne x").send).toEqual([["EVAL", expect.any(String), "1", "k", "IFNE", "x"]]);
  expect(job("DELEX k").send).toEqual([["DEL", "k"]]);
  const refused = job("DELEX k IFEQ");
  expect([refused.send, refused.finish([])]).toEqual([
    [],
    new ReplyError("ERR wrong number of arguments for 'delex' command"),
  ]);
  expect(billed).toEqual([]);
});

it("answers what is refused or without effect itself, and bills nothing", () => {
  const { billed, job } = jobsFor();
  const set = job("CLIENT SETINFO LIB-NAME x");
  expect(set).toMatchObject({ send: [], isAlone: false, isMeasured: false });
  expect(set.finish([])).toEqual(new Status("OK"));
  expect(job("WATCH k").finish([])).toBeInstanceOf(ReplyError);
  const error = new ReplyError("ERR x");
  expect(set.explain(error)).toBe(error);
  expect(billed).toEqual([]);
});

it("gives a command that may block, or must overtake one that does, a connection to itself", () => {
  const { job } = jobsFor();
  const isAlone = (line: string) => job(line).isAlone;
  expect(["BLPOP k 0", "SCRIPT KILL", "FUNCTION KILL", "XREAD BLOCK 0 STREAMS s 0"].map(isAlone)).toEqual(
    Array.from({ length: 4 }, () => true),
  );
  expect(["GET k", "SCRIPT LOAD x", "SCAN 0", "EVAL x 0", "DELEX k"].map(isAlone)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect(job("SCAN 0").send).toEqual([["SCAN", "0"]]);
});

it.each([
  ["FOO x", "ERR unknown command 'FOO'", "FOO", false],
  ["SET k v IFEQ x", "ERR syntax error", "SET IFEQ", true],
  ["SET k v ifdne x", "ERR syntax error, more", "SET IFDNE", true],
  ["BITOP diff1 k a", "ERR syntax error", "BITOP DIFF1", true],
])("says that %s is not available where the engine says %s", (line, text, name, isBilled) => {
  const { billed, job } = jobsFor();
  const reply = new ReplyError(text);
  const expected = `ERR Command is not available: '${name}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;
  expect(job(line).finish([reply])).toEqual(new ReplyError(expected));
  expect(job(line).explain(reply)).toEqual(new ReplyError(expected));
  expect(billed).toHaveLength(isBilled ? 1 : 0);
});

it.each([
  ["SET IFEQ v EX", "ERR syntax error"],
  ["SET k IFEQ EX", "ERR syntax error"],
  ["SET k v IFEQUAL x", "ERR syntax error"],
  ["BITOP AND ONE a", "ERR syntax error"],
  ["SET k v IFEQ x", "ERR value is no integer"],
  ["GETEX k IFEQ", "ERR syntax error"],
])("leaves the engine's words about %s: %s", (line, text) => {
  const reply = new ReplyError(text);
  const { billed, job } = jobsFor();
  expect(job(line).finish([reply])).toBe(reply);
  expect(billed).toHaveLength(1);
});
