import { connect, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import {
  createEngine,
  createRedisRestServer,
  createTcpBackend,
  type RequestEvent,
} from "../../../../local/redis/index.ts";
import { eventually, openEvents, startServer, token } from "./support.ts";

const ask = async (url: string, given: string, ...command: unknown[]) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${given}` },
    body: JSON.stringify(command),
  });
  const body: { result?: unknown; error?: string } = JSON.parse(await response.text());
  return { status: response.status, ...body };
};

it("opens a separate database for each token that `databases` accepts, and keeps it", async () => {
  const server = await startServer({
    databases: (given) => (given.startsWith("db-") ? createEngine() : undefined),
  });
  await server.command("SET", "k", "main");
  expect(await ask(server.url, "db-1", "GET", "k")).toEqual({ status: 200, result: null });
  await ask(server.url, "db-1", "SET", "k", "one");
  expect(await ask(server.url, "db-2", "GET", "k")).toEqual({ status: 200, result: null });
  expect(await ask(server.url, "db-1", "GET", "k")).toEqual({ status: 200, result: "one" });
  expect(await server.command("GET", "k")).toEqual({ result: "main" });
  expect(await ask(server.url, "other", "GET", "k")).toMatchObject({ status: 401 });
});

it("opens a database once for concurrent first requests", async () => {
  let opened = 0;
  const server = await startServer({
    databases: () => {
      opened += 1;
      return createEngine();
    },
  });
  await Promise.all(Array.from({ length: 20 }, () => ask(server.url, "new", "INCR", "k")));
  expect(await ask(server.url, "new", "GET", "k")).toEqual({ status: 200, result: "20" });
  expect(opened).toBe(1);
});

it("keeps separate counters and faults for each database", async () => {
  const server = await startServer({ databases: () => createEngine() });
  const control = (path: string, init: RequestInit) =>
    fetch(`${server.url}/-/${path}`, {
      ...init,
      headers: { Authorization: "Bearer db", "Content-Type": "application/json" },
    });
  await control("faults", { method: "PUT", body: '[{"at":"before","do":"status","status":500}]' });
  expect(await ask(server.url, "db", "PING")).toMatchObject({ status: 500 });
  expect(await server.command("PING")).toEqual({ result: "PONG" });
  expect(server.counters().requests).toBe(1);
  expect(await (await control("counters", {})).json()).toEqual({ requests: 1, commands: 0, byCommand: {} });
});

it("retries to open a database that failed to open", async () => {
  let isBroken = true;
  const server = await startServer({
    databases: async () => {
      if (isBroken) throw new Error("Out of databases.");
      return createEngine();
    },
  });
  expect(await ask(server.url, "db", "PING")).toEqual({ status: 503, error: "ERR Out of databases." });
  isBroken = false;
  expect(await ask(server.url, "db", "PING")).toEqual({ status: 200, result: "PONG" });
});

it("rejects with a remedy when the port is taken", async () => {
  const server = await startServer();
  await expect(createRedisRestServer({ token, port: server.port, backend: await createEngine() })).rejects.toThrow(
    `Port ${server.port} on 127.0.0.1 is taken. Stop the program that uses it, or choose another port: --port`,
  );
  await expect(createRedisRestServer({ token, host: "192.0.2.1", backend: await createEngine() })).rejects.toThrow(
    "192.0.2.1 is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.",
  );
});

it("puts an IPv6 address in brackets, and keeps idle connections for a minute", async () => {
  const server = await startServer({ host: "::1" }).catch(() => startServer());
  expect(server.url).toMatch(new RegExp(`^http://(\\[::1\\]|127\\.0\\.0\\.1):${server.port}$`));
  expect((await server.post("/", ["PING"])).headers.get("keep-alive")).toBe("timeout=60");
});

/** An engine that takes a moment to close, and tells when it has. */
async function createSlowEngine() {
  const engine = await createEngine();
  const state = { isClosed: false };
  const close = async () => {
    await new Promise(setImmediate);
    await engine.close();
    state.isClosed = true;
  };
  return { state, backend: { ...engine, close } };
}

it("is closed when its engines and its connections are", async () => {
  const [main, other] = [await createSlowEngine(), await createSlowEngine()];
  const events: { path: string; status: number }[] = [];
  const server = await startServer({
    backend: main.backend,
    databases: async () => other.backend,
    onRequest: ({ path, status }) => events.push({ path, status }),
  });
  await ask(server.url, "other", "PING");
  // A request whose body never comes whole.
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  const head = `POST /half HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: ${token}\r\nContent-Length: 9`;
  socket.write(`${head}\r\n\r\n[`);
  await eventually(() => server.counters().requests === 1);
  await server.close();
  expect([main.state, other.state]).toEqual([{ isClosed: true }, { isClosed: true }]);
  await eventually(() => events.length === 2);
  expect(events).toEqual([
    { path: "/", status: 200 },
    { path: "/half", status: 0 },
  ]);
});

it("closes an engine that cannot be used before it says so", async () => {
  const { state, backend } = await createSlowEngine();
  const connect = () => Promise.reject(new Error("No memory."));
  await expect(createRedisRestServer({ token, backend: { ...backend, connect } })).rejects.toThrow("No memory.");
  expect(state.isClosed).toBe(true);
});

it("rejects and frees the port when Redis cannot be reached", async () => {
  const unused = await freePort();
  const port = await freePort();
  const backend = createTcpBackend({ url: `redis://127.0.0.1:${unused}` });
  await expect(createRedisRestServer({ token, port, backend })).rejects.toThrow(/Cannot reach Redis/);
  const server = await createRedisRestServer({ token, port, backend: await createEngine() });
  await server.close();
});

it("answers every request with the reason once the engine has crashed, and ends its streams", async () => {
  const lines: string[] = [];
  const backend = await createEngine();
  const server = await startServer({ backend, log: (line) => lines.push(line) });
  const events = await openEvents(server, "/monitor");
  const waiting = server.post("/", ["BLPOP", "nothing", 0]);
  await server.command("PING");
  // REST refuses SHUTDOWN, so it goes to the engine directly.
  const connection = await backend.connect();
  connection.write(Buffer.from("SHUTDOWN NOSAVE\r\n"));
  const gone = /^ERR The embedded Valkey ended: .*Its data is lost/;
  expect((await waiting).json.error).toMatch(gone);
  expect((await waiting).status).toBe(503);
  await events.ended;
  for (const path of ["/", "/pipeline", "/multi-exec"]) {
    const answer = await server.post(path, path === "/" ? ["PING"] : [["PING"]]);
    expect(answer.status).toBe(503);
    expect(answer.json.error).toMatch(gone);
  }
  expect((await server.fetchText("POST", "/subscribe/c", "[]")).status).toBe(503);
  expect(lines).toEqual([expect.stringContaining("The embedded Valkey ended: ")]);
});

it("serves again when a Redis over TCP has restarted", async () => {
  const redis = await startTcpRedis();
  const server = await startServer({ backend: createTcpBackend({ url: `redis://127.0.0.1:${redis.port}` }) });
  expect(await server.command("SET", "k", "v")).toEqual({ result: "OK" });
  await redis.stop();
  expect((await server.post("/", ["GET", "k"])).status).toBe(503);
  const again = await startTcpRedis(redis.port);
  expect(await server.command("GET", "k")).toEqual({ result: null });
  await server.close();
  await again.stop();
});

it("closes twice, ends pending requests, and frees the port", async () => {
  const server = await startServer();
  const waiting = server.post("/", ["BLPOP", "nothing", 0]).then(
    ({ status }) => status,
    () => "cut off",
  );
  await server.command("PING");
  await Promise.all([server.close(), server.close()]);
  expect(["cut off", 503]).toContain(await waiting);
  await expect(fetch(server.url)).rejects.toThrow();
});

it("reports each finished request, with what was asked and billed, and without its token", async () => {
  const events: RequestEvent[] = [];
  const server = await startServer({ onRequest: (event) => events.push(event) });
  await fetch(`${server.url}/get/k?_token=${token}`);
  await server.post(
    "/pipeline",
    [
      ["EVAL", "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])", 1, "k"],
      ["GET", "k"],
    ],
    { "X-Sandpiper-Exchange": "7" },
  );
  await fetch(`${server.url}/get/k`);
  await server.break({ at: "before", do: "drop" });
  await server.command("PING").catch(() => {});
  const quick = expect.toSatisfy((ms: number) => ms >= 0 && ms < 60_000);
  const event = (method: string, path: string, status: number, more: object = {}) => {
    return { method, path, status, ms: quick, exchange: undefined, commands: [], billed: 0, ...more };
  };
  expect(events).toEqual([
    event("GET", "/get/k", 200, { commands: [["get", "k"]], billed: 1 }),
    event("POST", "/pipeline", 200, {
      exchange: "7",
      commands: expect.toSatisfy((all) => all.length === 2),
      billed: 4,
    }),
    event("GET", "/get/k", 401),
    event("PUT", "/-/faults", 200),
    event("POST", "/", 0, { commands: [["PING"]] }),
  ]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Serves an embedded engine on a TCP port, like a remote Redis. */
async function startTcpRedis(port = 0) {
  const engine = await createEngine();
  const sockets = new Set<import("node:net").Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    void engine.connect().then((connection) => {
      connection.onData((chunk) => void socket.write(chunk));
      connection.onClose(() => socket.destroy());
      socket.on("data", (chunk: Buffer) => connection.write(chunk));
      socket.on("close", () => connection.close());
    });
  }).listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await engine.close();
  };
  onTestFinished(() => engine.close());
  return { port: typeof address === "object" && address ? address.port : 0, stop };
}
