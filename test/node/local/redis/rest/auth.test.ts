import { expect, it } from "vitest";
import { rawRequest, startServer, token } from "../support.ts";

const refused = {
  error:
    "WRONGPASS invalid or missing auth token. See https://docs.upstash.com/redis/troubleshooting/http_unauthorized for details.",
};

const paths = [
  "/",
  "/get/k",
  "/pipeline",
  "/multi-exec",
  "/subscribe/c",
  "/psubscribe/c",
  "/monitor",
  "/-/counters",
  "/-/faults",
  "/nothing",
];

it.each(paths)("answers 401 without the token at %s", async (path) => {
  const server = await startServer();
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    for (const headers of [
      {},
      { Authorization: "Bearer wrong" },
      { Authorization: `Bearer ${token}x` },
      { Authorization: "" },
    ]) {
      const body = method === "GET" ? undefined : Buffer.from('[["FLUSHALL"]]');
      const json = { "Content-Type": "application/json", ...headers };
      const answer = await rawRequest(server.url, { path, method, headers: json }, body);
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.text)).toEqual(refused);
    }
  }
  expect(server.counters()).toMatchObject({ requests: 0, commands: 0 });
});

it("accepts the token with Bearer, bare, and in the query", async () => {
  const server = await startServer();
  const ping = (headers: Record<string, string>, path = "/ping") => rawRequest(server.url, { path, headers });
  for (const Authorization of [`Bearer ${token}`, `bearer ${token}`, token]) {
    expect(await ping({ Authorization })).toEqual({ status: 200, text: '{"result":"PONG"}' });
  }
  expect(await ping({}, `/ping?_token=${token}`)).toEqual({ status: 200, text: '{"result":"PONG"}' });
});

it("prefers the token in the query to the one in the header", async () => {
  const server = await startServer();
  const path = (given: string) => `/ping?_token=${given}`;
  expect((await rawRequest(server.url, { path: path("wrong") })).status).toBe(401);
  const right = await rawRequest(server.url, { path: path(token), headers: { Authorization: "Bearer wrong" } });
  expect(right.status).toBe(200);
});

it("never passes the token on as an argument", async () => {
  const server = await startServer();
  const path = `/set/k/v?EX=100&_token=${token}&NX`;
  expect((await rawRequest(server.url, { path, headers: {} })).text).toBe('{"result":"OK"}');
  expect(await server.command("TTL", "k")).toEqual({ result: 100 });
});

it("allows a page of another origin nothing, not even with the token", async () => {
  const server = await startServer();
  const preflight = await fetch(`${server.url}/pipeline`, {
    method: "OPTIONS",
    headers: { Origin: "https://example.com", "Access-Control-Request-Headers": "authorization" },
  });
  expect(preflight.status).toBe(403);
  const answer = await server.fetchText("POST", "/", '["SET","k","v"]', { Origin: "https://example.com" });
  expect([answer.status, answer.json]).toEqual([
    403,
    { error: "ERR A page of https://example.com may not use this server." },
  ]);
  for (const { headers } of [preflight, answer]) expect(headers.has("access-control-allow-origin")).toBe(false);
  expect(await server.command("GET", "k")).toEqual({ result: null });
});

it("lets a read-only token read, but neither write nor scan", async () => {
  const server = await startServer({ readOnlyToken: "reader" });
  await server.command("SET", "k", "v");
  const read = (...command: string[]) =>
    server.post("/", command, { Authorization: "Bearer reader" }).then(({ status, json }) => ({ status, ...json }));
  expect(await read("get", "k")).toEqual({ status: 200, result: "v" });
  expect(await read("PING")).toEqual({ status: 200, result: "PONG" });
  for (const command of [["SET", "k", "w"], ["SCAN", "0"], ["KEYS", "*"], ["EVAL", "return 1", "0"], ["FLUSHALL"]]) {
    expect(await read(...command)).toEqual({
      status: 400,
      error: `NOPERM this user has no permissions to run the '${command[0]?.toLowerCase()}' command`,
    });
  }
  const mixed = await server.post(
    "/pipeline",
    [
      ["GET", "k"],
      ["DEL", "k"],
    ],
    { Authorization: "Bearer reader" },
  );
  expect(mixed.status).toBe(400);
  const monitor = await server.fetchText("POST", "/monitor", "[]", { Authorization: "Bearer reader" });
  expect(monitor.status).toBe(400);
  expect(await server.command("GET", "k")).toEqual({ result: "v" });
});
