import { expect, it } from "vitest";
import { createEngine, createEngineThread, createRedisRestServer } from "../../../local/redis/index.ts";
import { isEmbedded, startServer } from "./support/server.ts";

it("says what to do when its port is taken", async () => {
  const { port } = await startServer();
  const second = createRedisRestServer({ backend: await createEngine(), token: "t", port });
  await expect(second).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken. Stop what uses it, or choose another port.`,
  );
});

it("frees its port when it is closed, streams and all", async () => {
  const server = await createRedisRestServer({ backend: await createEngine(), token: "t" });
  const stream = await fetch(`${server.url}/subscribe/c`, { method: "POST", headers: { Authorization: "Bearer t" } });
  await server.close();
  await expect(stream.text()).rejects.toThrow();
  const again = await createRedisRestServer({ backend: await createEngine(), token: "t", port: server.port });
  await again.close();
});

it("gives every further token a database of its own", async () => {
  const { url } = await startServer({ databases: (token) => (token.startsWith("db-") ? createEngine() : undefined) });
  const get = async (token: string, path: string) => {
    const response = await fetch(`${url}/${path}`, { headers: { Authorization: `Bearer ${token}` } });
    return response.json();
  };
  expect(await get("db-a", "set/k/a")).toEqual({ result: "OK" });
  expect(await get("db-b", "get/k")).toEqual({ result: null });
  expect(await get("db-a", "get/k")).toEqual({ result: "a" });
  expect(await get("other", "get/k")).toHaveProperty("error");
});

it.runIf(isEmbedded)("answers 503 and says so once its engine is gone", async () => {
  const { post } = await startServer({ backend: await createEngineThread({ stuckMs: 100 }) });
  const gone = {
    status: 503,
    body: { error: expect.stringMatching(/^ERR The embedded Valkey did not answer.*start a new one\.$/) },
  };
  expect(await post("/", ["EVAL", "while true do end", 0])).toEqual(gone);
  expect(await post("/", ["PING"])).toEqual(gone);
});
