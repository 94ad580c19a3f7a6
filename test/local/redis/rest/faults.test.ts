import { expect, it } from "vitest";
import { startServer } from "../support/server.ts";

it("loses the answer of a command that took effect", async () => {
  const { run, post, json } = await startServer();
  await json("/-/faults", { method: "PUT", body: '[{"at":"after","do":"drop","times":1}]' });
  await expect(post("/", ["INCR", "k"])).rejects.toThrow();
  expect(await run("GET", "k")).toBe("1");
});

it("drops a request before it takes effect, for a command of that name, after letting some pass", async () => {
  const { run, post, json } = await startServer();
  await json("/-/faults", { method: "PUT", body: '[{"at":"before","do":"drop","match":"incr","skip":1,"times":1}]' });
  expect(await run("GET", "k")).toBeNull();
  expect(await run("INCR", "k")).toBe(1);
  await expect(post("/", ["INCR", "k"])).rejects.toThrow();
  expect(await run("INCR", "k")).toBe(2);
});

it("answers a status until it is mended", async () => {
  const { run, post, json } = await startServer();
  await json("/-/faults", { method: "PUT", body: '[{"at":"before","do":"status","status":502}]' });
  expect((await post("/", ["PING"])).status).toBe(502);
  expect((await post("/pipeline", [["PING"]])).status).toBe(502);
  await json("/-/faults", { method: "DELETE" });
  expect(await run("PING")).toBe("PONG");
});

it("stalls, then goes on", async () => {
  const { json, request, run } = await startServer();
  await json("/-/faults", { method: "PUT", body: '[{"at":"before","do":"stall","ms":60000,"times":1}]' });
  const impatient = new AbortController();
  const stalled = request("/", { body: '["SET","k","v"]', signal: impatient.signal });
  expect(await run("PING")).toBe("PONG");
  impatient.abort();
  await expect(stalled).rejects.toThrow();
});

it("is off unless the server was started with faults, and refuses nonsense", async () => {
  const without = await startServer({ faults: false });
  expect((await without.json("/-/faults", { method: "PUT", body: "[]" })).status).toBe(404);
  const { json } = await startServer();
  expect(await json("/-/faults", { method: "PUT", body: '[{"at":"noon"}]' })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("at before|after") },
  });
});
