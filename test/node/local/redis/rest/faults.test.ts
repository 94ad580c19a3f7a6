import { expect, it } from "vitest";
import { createFaults, type Fault, parseFaults } from "../../../../../local/redis/rest/faults.ts";
import { startServer } from "../support.ts";

const storedValue = (server: { command: (...c: unknown[]) => Promise<{ result?: unknown }> }) =>
  server.command("GET", "k").then(({ result }) => result);

it("drops a request before its command runs", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "drop", times: 1 });
  await expect(server.command("SET", "k", "v")).rejects.toThrow("fetch failed");
  expect(await storedValue(server)).toBeNull();
});

it("loses the reply of a command that took effect", async () => {
  const server = await startServer();
  await server.break({ at: "after", do: "drop", times: 1 });
  await expect(server.command("SET", "k", "v")).rejects.toThrow("fetch failed");
  expect(await storedValue(server)).toBe("v");
});

it("answers with a status and a JSON error, before or after the command", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "status", status: 502, times: 1 }, { at: "after", do: "status", times: 1 });
  expect(await server.post("/", ["SET", "k", "v"])).toMatchObject({ status: 502, json: { error: expect.any(String) } });
  expect(await storedValue(server).catch(() => "unread")).toBeUndefined();
  expect(await storedValue(server)).toBeNull();
  await server.break({ at: "after", do: "status", status: 429, times: 1 });
  expect(await server.post("/", ["SET", "k", "v"])).toMatchObject({ status: 429 });
  expect(await storedValue(server)).toBe("v");
});

it("stalls a request and then runs it", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "stall", ms: 20, times: 1 });
  expect(await server.command("INCR", "k")).toEqual({ result: 1 });
});

it("stalls only the request that the fault matches", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "stall", ms: 60_000, match: "INCR" });
  const ended: string[] = [];
  const stalled = server.command("INCR", "k").then(
    () => ended.push("stalled"),
    () => ended.push("cut off"),
  );
  expect(await server.command("PING")).toEqual({ result: "PONG" });
  expect(await server.command("GET", "k")).toEqual({ result: null });
  expect(ended).toEqual([]);
  await server.close();
  await stalled;
  expect(ended).toEqual(["cut off"]);
});

it("fails only requests with the fault's command, anywhere in a pipeline", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "status", status: 500, match: "set" });
  expect((await server.post("/", ["GET", "k"])).status).toBe(200);
  expect(
    (
      await server.post("/pipeline", [
        ["GET", "k"],
        ["SET", "k", 1],
      ])
    ).status,
  ).toBe(500);
  expect((await server.post("/multi-exec", [["SET", "k", 1]])).status).toBe(500);
  expect((await server.fetchText("GET", "/SET/k/1")).status).toBe(500);
});

it("skips requests first, and then fails as many as the fault says", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "status", status: 500, skip: 2, times: 2 });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await server.post("/", ["PING"])).status);
  expect(statuses).toEqual([200, 200, 500, 500, 200, 200]);
});

it("fails every request until it is mended when the fault has no number", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "status", status: 500 });
  for (let i = 0; i < 3; i++) expect((await server.post("/", ["PING"])).status).toBe(500);
  await server.mend();
  expect((await server.post("/", ["PING"])).status).toBe(200);
});

it("fails a stream before it begins", async () => {
  const server = await startServer();
  await server.break({ at: "before", do: "status", status: 503, match: "SUBSCRIBE" });
  expect((await server.fetchText("POST", "/subscribe/c", "[]")).status).toBe(503);
});

it.each([
  ["not JSON", "faults must be a JSON array"],
  ["{}", "faults must be a JSON array"],
  ["[1]", "fault 1: it must be an object"],
  ['[{"at":"before","do":"drop"},{"at":"never","do":"drop"}]', 'fault 2: "at" must be "before" or "after"'],
  ['[{"at":"before","do":"explode"}]', '"do" must be "drop", "stall" or "status"'],
  ['[{"at":"before","do":"status","status":99}]', '"status" must be a whole number from 200 to 599'],
  ['[{"at":"before","do":"stall","ms":-1}]', '"ms" must be a whole number from 0'],
  ['[{"at":"before","do":"stall","milliseconds":1}]', 'there is no field "milliseconds"'],
])("refuses the faults %s", async (body, why) => {
  const server = await startServer();
  const answer = await server.fetchText("PUT", "/-/faults", body, { "Content-Type": "application/json" });
  expect(answer.status).toBe(400);
  expect(answer.json.error).toContain(why);
});

it("serves no faults unless the server was started with them", async () => {
  const server = await startServer({ faults: false });
  expect((await server.break({ at: "before", do: "drop" })).status).toBe(404);
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it("takes the first fault of that moment which is not used up, and none of another", () => {
  const faults = createFaults();
  const [once, always, after]: Fault[] = [
    { at: "before", do: "drop", times: 1 },
    { at: "before", do: "stall" },
    { at: "after", do: "drop" },
  ];
  faults.set([once, always, after] as Fault[]);
  expect([1, 2, 3].map(() => faults.take("before", []))).toEqual([once, always, always]);
  expect(faults.take("after", [])).toBe(after);
  faults.set([]);
  expect(faults.take("before", [])).toBeUndefined();
});

it("counts only requests that match among those that it skips and those that fail", () => {
  const faults = createFaults();
  faults.set([{ at: "before", do: "drop", match: "set", skip: 1, times: 1 }]);
  const take = (name: string) => faults.take("before", [["PING"], [name]]) !== undefined;
  expect(["get", "Set", "get", "SET", "set"].map(take)).toEqual([false, false, false, true, false]);
});

const faultWith = (more: object) => parseFaults(Buffer.from(JSON.stringify([{ at: "after", do: "status", ...more }])));

it.each<[string, unknown, boolean]>([
  ["ms", 0, true],
  ["ms", 3_600_000, true],
  ["ms", 3_600_001, false],
  ["ms", -1, false],
  ["ms", 1.5, false],
  ["ms", "1", false],
  ["status", 199, false],
  ["status", 200, true],
  ["status", 599, true],
  ["status", 600, false],
  ["times", 0, true],
  ["times", -1, false],
  ["times", 1_000_000_000, true],
  ["skip", 0, true],
  ["skip", -1, false],
  ["match", "SET", true],
  ["match", 5, false],
  ["at", "beforehand", false],
  ["at", "not before", false],
  ["do", "dropped", false],
  ["do", "no status", false],
])("takes %s %j for a fault's: %s", (name, value, isTaken) => {
  if (isTaken) expect(faultWith({ [name]: value })).toMatchObject([{ at: "after", [name]: value }]);
  else expect(() => faultWith({ [name]: value })).toThrow(new RegExp(`^ERR fault 1: "${name}" must be `));
});

it("says the bounds of a number, and that null is no fault", () => {
  expect(() => faultWith({ ms: -1 })).toThrow('ERR fault 1: "ms" must be a whole number from 0 to 3600000');
  expect(() => faultWith({ times: -1 })).toThrow(/^ERR fault 1: "times" must be a whole number from 0$/);
  expect(() => parseFaults(Buffer.from("[null]"))).toThrow("ERR fault 1: it must be an object");
  expect(() => parseFaults(Buffer.from("{}"))).toThrow(expect.objectContaining({ status: 400 }));
  expect(parseFaults(Buffer.from("[]"))).toEqual([]);
});
