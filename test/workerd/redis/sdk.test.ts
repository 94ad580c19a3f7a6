import { expect, it } from "vitest";
import { createConnection, createRedisState, createSdk } from "../../../src/redis/index.ts";

/** The SDK over a connection whose requests get these replies, whatever they ask. */
function createWire(...replies: unknown[]) {
  const paths: string[] = [];
  const connection = createConnection({
    url: "https://redis.test",
    token: "t",
    state: createRedisState(),
    fetch: async (input) => {
      paths.push(new URL(input as string).pathname);
      return Response.json(replies);
    },
  });
  return { sdk: createSdk(connection), paths };
}

it("keeps ids as strings, in single calls, pipelines and transactions", async () => {
  // As a number it would be the same text, so that the SDK would make it one.
  const id = "1100000000000000000";
  const { sdk, paths } = createWire({ result: id });
  expect([await sdk.get("k"), await sdk.pipeline().get("k").exec(), await sdk.multi().get("k").exec()]).toEqual([
    id,
    [id],
    [id],
  ]);
  expect(paths).toEqual(["/pipeline", "/pipeline", "/multi-exec"]);
});

it("throws what Redis refuses, by the command's name", async () => {
  await expect(createWire({ error: "ERR no such key" }).sdk.get("k")).rejects.toMatchObject({
    code: "E_REDIS_REPLY",
    message: "Redis refused GET: ERR no such key",
  });
});

it("refuses to subscribe, or to go anywhere else, and sends nothing", async () => {
  const { sdk, paths } = createWire();
  const client = Reflect.get(sdk, "client") as { request(request: object): Promise<unknown> };
  await expect(client.request({ path: ["monitor", "all"], body: [] })).rejects.toThrow("has no path /monitor/all.");
  const failures: unknown[] = [];
  sdk.subscribe("c").on("error", (error) => failures.push(error));
  await expect.poll(() => failures.length).toBeGreaterThan(0);
  expect(String(failures[0])).toContain("use pubsub/");
  expect(paths).toEqual([]);
});
