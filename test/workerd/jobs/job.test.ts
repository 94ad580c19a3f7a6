import { expect, it } from "vitest";
import { isTime, type Job, nonceOf, readDead, readJob, writeDead, writeJob } from "../../../src/jobs/job.ts";
import { placesOf } from "../../../src/jobs/places.ts";

const job: Job = { id: "a", kind: "tea", owner: "7", data: { for: "two" }, dueAt: 9, attempts: 2, createdAt: 0 };
const every = { cron: "0 9 * * *", zone: "UTC" };

it.each<[string, Job, unknown[]]>([
  ["a job", job, ["a", "tea", "7", 9, 2, 0, { for: "two" }]],
  ["a recurring job", { ...job, every }, ["a", "tea", "7", 9, 2, 0, { for: "two" }, "0 9 * * *", "UTC"]],
  [
    "a recurring job that failed",
    { ...job, every, failures: 1, problem: "no" },
    ["a", "tea", "7", 9, 2, 0, { for: "two" }, "0 9 * * *", "UTC", 1, "no"],
  ],
])("writes and reads the record of %s", (_what, written, record) => {
  expect(JSON.parse(writeJob(written))).toEqual(record);
  expect(readJob(writeJob(written))).toEqual(written);
});

it("writes nothing about failures of a job that has none or does not recur, and no reason where none is known", () => {
  expect(writeJob({ ...job, every, failures: 0, problem: "no" })).toBe(writeJob({ ...job, every }));
  expect(writeJob({ ...job, failures: 3, problem: "no" })).toBe(writeJob(job));
  expect(readJob(writeJob({ ...job, every, failures: 1 }))).toEqual({ ...job, every, failures: 1, problem: "" });
  expect(readJob(writeJob({ ...job, data: undefined }))).toEqual({ ...job, data: null });
});

const good: readonly unknown[] = ["a", "tea", "7", 9, 2, 0, null];

it.each([
  [good.with(0, 1)],
  [good.with(1, null)],
  [good.with(2, 7)],
  [good.with(3, -1)],
  [good.with(3, 1.5)],
  [good.with(4, -1)],
  [good.with(4, 0.5)],
  [good.with(4, "1")],
  [good.with(5, -1)],
  [good.slice(0, 5)],
  [null],
  [7],
  [{}],
])("does not read the record %j", (record) => {
  expect(readJob(JSON.stringify(record))).toBeUndefined();
  expect(readDead(JSON.stringify([1, "no", JSON.stringify(record)]))).toBeUndefined();
});

it("reads no record that is missing or damaged", () => {
  for (const text of [null, undefined, "", "{"])
    expect([readJob(text), readDead(text)]).toEqual([undefined, undefined]);
});

it("leaves out of a record what has another type", () => {
  const read = (...more: unknown[]) => readJob(JSON.stringify([...good.with(4, 0), ...more]));
  const plain = { ...job, data: null, attempts: 0 };
  expect([read("0 9 * * *"), read("0 9 * * *", 7), read(7, "UTC"), read(null, null, -1, 7)]).toEqual(
    Array.from({ length: 4 }, () => plain),
  );
  expect(read(null, null, 0, "no")).toEqual({ ...plain, failures: 0, problem: "no" });
});

it("writes and reads why and when a job was given up, and keeps a record that it cannot read", () => {
  expect(JSON.parse(writeDead({ job, reason: "no", at: 5 }))).toEqual([5, "no", writeJob(job)]);
  expect(readDead(writeDead({ job, reason: "no", at: 5 }))).toEqual({ job, reason: "no", at: 5 });
  expect(JSON.parse(writeDead({ record: "{", reason: "no", at: 5 }))).toEqual([5, "no", "{"]);
  const record = writeJob(job);
  for (const dead of [["5", "no", record], [5, 0, record], [5, "no", 7], [5, "no"], 7]) {
    expect([dead, readDead(JSON.stringify(dead))]).toEqual([dead, undefined]);
  }
});

it("takes whole milliseconds from 1970 to the last that a date shows for a time", () => {
  expect([0, 1, 8.64e15].map(isTime)).toEqual([true, true, true]);
  expect([-1, 1.5, 8.64e15 + 1, Number.NaN, "5", null].map(isTime)).toEqual(Array(6).fill(false));
});

// FNV-1a: the published values of these texts. Another version must make the same nonce.
it.each([
  ["", 0xcbf29ce484222325n],
  ["a", 0xaf63dc4c8601ec8cn],
  ["foobar", 0x85944171f73967e8n],
])("makes a nonce of the id %j and the due time", (id, hash) => {
  expect(nonceOf({ id, dueAt: 35 })).toBe(`${hash.toString(36)}.z`);
});

it("takes members and their scores in pairs", () => {
  expect(placesOf(["a", "1", "2", "3.5"])).toEqual([
    { id: "a", score: 1 },
    { id: "2", score: 3.5 },
  ]);
  expect(placesOf([])).toEqual([]);
});
