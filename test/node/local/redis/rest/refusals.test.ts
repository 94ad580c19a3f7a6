import { expect, it } from "vitest";
import { ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import { answerTo, answerToFailure } from "../../../../../local/redis/rest/answer.ts";
import type { Command } from "../../../../../local/redis/rest/arguments.ts";
import { RestError } from "../../../../../local/redis/rest/errors.ts";
import { readOnlyNames, readOnlyRefusal } from "../../../../../local/redis/rest/read-only.ts";
import { admit } from "../../../../../local/redis/rest/refusals.ts";
import type { Task } from "../../../../../local/redis/rest/task.ts";

const notAllowed = (name: string) => ({
  kind: "refuse",
  error: `ERR Command "${name}" is not allowed in REST or it has a special context path`,
});
const notAvailable = { kind: "refuse", error: expect.stringMatching(/^ERR Command is not available/) };

it.each<[string, object]>([
  ["GET k", { kind: "run" }],
  ["WATCH k", notAllowed("WATCH")],
  ["SUBSCRIBE c", notAllowed("SUBSCRIBE")],
  ["UNWATCH", notAllowed("UNWATCH")],
  ["ASKING", notAllowed("ASKING")],
  ["CONFIG GET x", notAvailable],
  ["ACL LIST", notAvailable],
  ["SWAPDB 0 1", notAvailable],
  ["SORT k", notAvailable],
  ["OBJECT ENCODING k", notAvailable],
  ["DELIFEQ k v", notAvailable],
  ["MSETEX 1 k v", notAvailable],
  ["HSETEX h NX FIELDS 1 f v", notAvailable],
  ["HSETEX h PX 5 xx FIELDS 1 f v", notAvailable],
  ["HSETEX h FIELDS 1 NX v", { kind: "run" }],
  ["HSETEX h FNX PX 5 FIELDS 1 f v", { kind: "run" }],
  // An alias of GETRANGE at Upstash too.
  ["SUBSTR k 0 1", { kind: "run" }],
  ["COMMAND", { kind: "ignore", reply: [] }],
  ["COMMAND COUNT", notAvailable],
  ["MEMORY USAGE k", { kind: "run" }],
  ["MEMORY DOCTOR", notAvailable],
  ["FUNCTION DUMP", notAvailable],
  ["SCRIPT SHOW x", notAvailable],
  ["SCRIPT", { kind: "run" }],
  ["PUBSUB numsub c", { kind: "run" }],
  ["PUBSUB SHARDCHANNELS", notAvailable],
  ["BLPOP k 0", { kind: "run-alone" }],
  ["WAITAOF 0 0 0", { kind: "run-alone" }],
  ["SELECT 0", { kind: "ignore" }],
  ["SELECT 1", { kind: "refuse", error: "ERR there is only database 0, as at Upstash" }],
  ["SELECT", { kind: "refuse" }],
  ["CLIENT setinfo LIB-NAME x", { kind: "ignore" }],
  ["CLIENT KILL x", notAllowed("CLIENT KILL")],
  ["CLIENT", notAllowed("CLIENT")],
  ["SCRIPT DEBUG YES", notAllowed("SCRIPT DEBUG")],
  ["FUNCTION debug", notAllowed("FUNCTION DEBUG")],
  ["SCRIPT KILL", { kind: "run-alone" }],
  ["FUNCTION KILL", { kind: "run-alone" }],
  ["SCRIPT LOAD x", { kind: "run" }],
  ["FUNCTION LIST", { kind: "run" }],
  ["XREAD block 5 STREAMS s 0", { kind: "run-alone" }],
  ["XREAD COUNT 1 STREAMS s 0", { kind: "run" }],
  ["XREADGROUP GROUP g c BLOCK 0 STREAMS s >", { kind: "run-alone" }],
])("decides about %s before the engine receives it", (line, admission) => {
  const command = line.split(" ") as unknown as Command;
  expect(admit(command[0], command)).toMatchObject(admission);
});

it("lets a read-only token run reads and what shows no data, and no sweep of all keys", () => {
  const reads = new Set(["GET", "KEYS", "SCAN"]);
  const refusal = (...names: string[]) =>
    readOnlyRefusal(
      names.map((name) => [name] as unknown as Command),
      reads,
    );
  expect(refusal("get", "PING", "Echo", "time")).toBeUndefined();
  for (const name of ["Set", "keys", "SCAN"]) {
    expect(refusal("GET", name, "DEL")).toEqual(
      new ReplyError(`NOPERM this user has no permissions to run the '${name.toLowerCase()}' command`),
    );
  }
});

it("knows reads by their flag in the reply to COMMAND", () => {
  const entry = (name: string, ...flags: string[]) => [Buffer.from(name), 2, flags.map((flag) => new Status(flag))];
  const list = [
    entry("get", "fast", "readonly"),
    entry("set", "write"),
    [new Status("x"), 1, [new Status("readonly")]],
    5,
    [Buffer.from("odd")],
  ];
  expect(readOnlyNames(list)).toEqual(new Set(["GET"]));
  expect([readOnlyNames(undefined), readOnlyNames(null)]).toEqual([new Set(), new Set()]);
});

const task = (more: Partial<Task>): Task => ({ mode: "single", format: "json", ...more }) as Task;

it("answers 400 to a single command that fails, and 200 to a pipeline with one", () => {
  const error = new ReplyError("ERR x");
  expect(answerTo(task({}), [error])).toEqual({ status: 400, type: "application/json", body: '{"error":"ERR x"}' });
  expect(answerTo(task({}), [1])).toMatchObject({ status: 200, body: '{"result":1}' });
  expect(answerTo(task({}), [])).toMatchObject({ status: 200, body: '{"result":null}' });
  expect(answerTo(task({ mode: "pipeline" }), [error])).toMatchObject({ status: 200, body: '[{"error":"ERR x"}]' });
  const large = Buffer.alloc(10 * 1024 * 1024 + 1);
  expect(answerTo(task({}), [large])).toMatchObject({
    status: 200,
    body: expect.stringMatching(/^\{"error":"ERR max/),
  });
  const bytes = answerTo(task({ format: "resp2" }), [error, 2]);
  expect({ ...bytes, body: bytes.body.toString() }).toEqual({
    status: 400,
    type: "application/octet-stream",
    body: "-ERR x\r\n:2\r\n",
  });
});

it("answers with a refusal's status and words, and 503 to an engine that has ended", () => {
  expect(answerToFailure(new RestError(413, "ERR too large"))).toEqual({
    status: 413,
    type: "application/json",
    body: '{"error":"ERR too large"}',
  });
  expect(answerToFailure(new Error("gone"))).toMatchObject({ status: 503, body: '{"error":"ERR gone"}' });
  expect(answerToFailure("text")).toMatchObject({ status: 503, body: '{"error":"ERR text"}' });
});
