import { createConnection } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startServer, token } from "../support/server.ts";

const base64 = { "Upstash-Encoding": "base64" };
const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("authentication", () => {
  const wrong = { error: expect.stringMatching(/^WRONGPASS invalid or missing auth token/) };

  it.each([
    "/",
    "/pipeline",
    "/multi-exec",
    "/get/k",
    "/subscribe/c",
    "/psubscribe/c*",
    "/monitor",
    "/-/counters",
    "/-/faults",
  ])("answers 401 as JSON on %s without the token, and with a wrong one", async (path) => {
    const { json } = await startServer();
    expect(await json(path, { headers: { Authorization: "" } })).toEqual({ status: 401, body: wrong });
    expect(await json(path, { headers: { Authorization: "Bearer wrong" } })).toEqual({ status: 401, body: wrong });
  });

  it("takes the bare token, and `_token`, which wins over the header and is no argument", async () => {
    const { json, run } = await startServer();
    expect(await json("/ping", { headers: { Authorization: token } })).toMatchObject({ status: 200 });
    expect(await json(`/set/k/v?_token=${token}&EX=100`, { headers: { Authorization: "Bearer wrong" } })).toMatchObject(
      {
        body: { result: "OK" },
      },
    );
    expect(await run("TTL", "k")).toBe(100);
    expect((await json(`/ping?_token=wrong`)).status).toBe(401);
  });

  it("lets a browser ask first, without a token", async () => {
    const { request } = await startServer();
    const response = await request("/", {
      method: "OPTIONS",
      headers: { Authorization: "", Origin: "https://a.test" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://a.test");
  });
});

describe("forms of a command", () => {
  it("takes a JSON array by POST, whatever the content type", async () => {
    const { json, run } = await startServer();
    const init = { body: '["SET","k","v"]', headers: { "Content-Type": "application/x-www-form-urlencoded" } };
    expect(await json("/", init)).toEqual({ status: 200, body: { result: "OK" } });
    expect(await run("GET", "k")).toBe("v");
  });

  it("takes a path by GET, POST, PUT and HEAD", async () => {
    const { json, request, run } = await startServer();
    expect(await json("/set/key/value", { method: "GET" })).toMatchObject({ body: { result: "OK" } });
    expect(await json("/set/key/posted", { method: "POST" })).toMatchObject({ body: { result: "OK" } });
    expect(await json("/set/key/put", { method: "PUT" })).toMatchObject({ body: { result: "OK" } });
    expect((await request("/set/key/head", { method: "HEAD" })).status).toBe(200);
    expect(await run("GET", "key")).toBe("head");
  });

  it("decodes each segment, keeps empty ones, and appends the raw body, then the query", async () => {
    const { json, run } = await startServer();
    await json("/set/a%2Fb%20%C3%A9/x");
    expect(await run("GET", "a/b é")).toBe("x");
    await json("/set/empty/", { method: "GET" });
    expect(await run("GET", "empty")).toBe("");
    await json("/set/raw?EX=50", { body: '{"not":"parsed"}' });
    expect(await run("GET", "raw")).toBe('{"not":"parsed"}');
    expect(await run("TTL", "raw")).toBe(50);
    expect(await json("/set/raw/other?NX", { method: "GET" })).toMatchObject({ body: { result: null } });
    expect(await run("TTL", "raw")).toBe(50);
  });

  it("takes bytes that are no UTF-8 in a path and in a body", async () => {
    const { json, post } = await startServer();
    await json("/set/k/%FF%00", { method: "GET" });
    expect(await post("/", ["GET", "k"], base64)).toMatchObject({
      body: { result: Buffer.from([255, 0]).toString("base64") },
    });
    await json("/set/k", { body: Buffer.from([1, 254]) });
    expect(await post("/", ["GET", "k"], base64)).toMatchObject({
      body: { result: Buffer.from([1, 254]).toString("base64") },
    });
  });

  it.each(["DELETE", "PATCH"])("answers %s with 405 and an empty body", async (method) => {
    const { request } = await startServer();
    const response = await request("/", { method });
    expect([response.status, await response.text()]).toEqual([405, ""]);
  });

  it("keeps numbers and booleans as they were written", async () => {
    const { json, run } = await startServer();
    await json("/", { body: '["RPUSH","l",1.0,9007199254740993,-0.50,1e3,true,false]' });
    expect(await run("LRANGE", "l", 0, -1)).toEqual(["1.0", "9007199254740993", "-0.50", "1e3", "true", "false"]);
    await json("/pipeline", { body: '[["SET","n",12345678901234567890]]' });
    expect(await run("GET", "n")).toBe("12345678901234567890");
  });

  it.each([
    ["/", "", "EOF"],
    ["/", "{}", "expected JSON array"],
    ["/", "nonsense", "not valid JSON"],
    ["/", "[]", "ERR empty command"],
    ["/", "[null]", "ERR null args are not supported"],
    ["/", '["SET","k",{}]', "ERR unsupported arg type"],
    ["/", '["SET","k",["v"]]', 'ERR unsupported arg type: "[" : json.Delim'],
    ["/pipeline", "[]", "ERR empty pipeline request"],
    ["/pipeline", '["GET","k"]', "expected JSON array"],
    ["/pipeline", "", "EOF"],
    ["/multi-exec", "[[]]", "ERR empty command"],
    ["/get/%zz", "", "invalid URL escape"],
  ])("answers 400 and JSON to %s with body %j", async (path, body, error) => {
    const { json } = await startServer();
    expect(await json(path, { body })).toEqual({ status: 400, body: { error: expect.stringContaining(error) } });
  });

  it("takes any list of strings by path and by body alike", async () => {
    const { json, post, run } = await startServer();
    const words = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, async (values) => {
        await run("DEL", "path", "body");
        await json(`/rpush/path/${values.map(encodeURIComponent).join("/")}`, { method: "GET" });
        await post("/", ["RPUSH", "body", ...values]);
        expect(await run("LRANGE", "path", 0, -1)).toEqual(values);
        expect(await run("LRANGE", "body", 0, -1)).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });
});

describe("results", () => {
  it("has the shapes of RESP2: flat maps, doubles as text, nulls, nested lists", async () => {
    const { run } = await startServer();
    await run("HSET", "h", "f", "v");
    await run("ZADD", "z", 1.1, "m");
    await run("XADD", "x", "1-1", "f", "v");
    expect(await run("HGETALL", "h")).toEqual(["f", "v"]);
    expect(await run("ZSCORE", "z", "m")).toBe("1.1");
    expect(await run("GET", "missing")).toBeNull();
    expect(await run("XRANGE", "x", "-", "+")).toEqual([["1-1", ["f", "v"]]]);
    expect(await run("PING")).toBe("PONG");
  });

  it("keeps integers past 2^53 exact", async () => {
    const { request, run } = await startServer();
    await run("SET", "n", "9223372036854775806");
    const response = await request("/", { body: '["INCR","n"]' });
    expect(await response.text()).toBe('{"result":9223372036854775807}');
  });

  it("answers a command's error with 400 and the engine's text", async () => {
    const { post, run } = await startServer();
    await run("SET", "k", "text");
    expect(await post("/", ["INCR", "k"])).toEqual({
      status: 400,
      body: { error: "ERR value is not an integer or out of range" },
    });
    expect(await post("/", ["GET"])).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^ERR wrong number/) },
    });
  });

  it("encodes every string in base64 but the status OK at the top", async () => {
    const { post, run } = await startServer();
    await run("SET", "ok", "OK");
    await run("SET", "empty", "");
    await run("RPUSH", "l", "a", "OK");
    expect(await post("/", ["SET", "k", "v"], base64)).toMatchObject({ body: { result: "OK" } });
    expect(await post("/", ["GET", "ok"], base64)).toMatchObject({ body: { result: encoded("OK") } });
    expect(await post("/", ["GET", "empty"], base64)).toMatchObject({ body: { result: "" } });
    expect(await post("/", ["PING"], base64)).toMatchObject({ body: { result: encoded("PONG") } });
    expect(await post("/", ["LRANGE", "l", 0, -1], base64)).toMatchObject({
      body: { result: [encoded("a"), encoded("OK")] },
    });
    expect(await post("/", ["EVAL", "return {redis.status_reply('OK')}", 0], base64)).toMatchObject({
      body: { result: [encoded("OK")] },
    });
    expect(await post("/", ["STRLEN", "ok"], base64)).toMatchObject({ body: { result: 2 } });
    expect(await post("/", ["GET"], base64)).toMatchObject({ body: { error: expect.stringContaining("ERR wrong") } });
  });

  it("turns bytes that are no UTF-8 into U+FFFD without base64", async () => {
    const { json, run } = await startServer();
    await json("/set/k/a%FFb", { method: "GET" });
    expect(await run("GET", "k")).toBe("a\ufffdb");
  });

  it("answers in RESP2 when asked to, and refuses other formats", async () => {
    const { request, post } = await startServer();
    const resp2 = { "Upstash-Response-Format": "resp2" };
    const raw = async (path: string, body: unknown) => {
      const response = await request(path, { body: JSON.stringify(body), headers: resp2 });
      return [response.headers.get("Content-Type"), await response.text()];
    };
    expect(await raw("/", ["SET", "k", "v"])).toEqual(["application/octet-stream", "+OK\r\n"]);
    expect(
      (
        await raw("/pipeline", [
          ["GET", "k"],
          ["GET", "x"],
          ["STRLEN", "k"],
          ["MGET", "k", "x"],
          ["INCR", "k"],
        ])
      )[1],
    ).toBe("$1\r\nv\r\n$-1\r\n:1\r\n*2\r\n$1\r\nv\r\n$-1\r\n-ERR value is not an integer or out of range\r\n");
    expect(await post("/", ["GET", "k"], { "Upstash-Response-Format": "resp3" })).toMatchObject({ status: 400 });
    expect(await post("/", ["GET", "k"], { ...resp2, ...base64 })).toMatchObject({ status: 400 });
    expect(await post("/multi-exec", [["GET", "k"]], resp2)).toEqual({ status: 200, body: [{ result: "v" }] });
  });

  it("sends a sync token with every answer, which moves", async () => {
    const { request } = await startServer();
    const read = async () => (await request("/set/k/v")).headers.get("Upstash-Sync-Token");
    const first = await read();
    expect(first).toMatch(/^\w+=$/);
    expect(await read()).not.toBe(first);
  });
});

describe("pipelines and transactions", () => {
  it("runs a pipeline in order, with errors in their places", async () => {
    const { post } = await startServer();
    expect(await post("/pipeline", [["SET", "k", "a"], ["INCR", "k"], ["NOPE"], ["GET", "k"]])).toEqual({
      status: 200,
      body: [
        { result: "OK" },
        { error: "ERR value is not an integer or out of range" },
        { error: expect.stringContaining("Command is not available: 'NOPE'") },
        { result: "a" },
      ],
    });
  });

  it("runs a transaction whole, a run-time error in its place", async () => {
    const { post } = await startServer();
    expect(
      await post("/multi-exec", [
        ["SET", "k", "a"],
        ["INCR", "k"],
        ["GET", "k"],
      ]),
    ).toEqual({
      status: 200,
      body: [{ result: "OK" }, { error: "ERR value is not an integer or out of range" }, { result: "a" }],
    });
  });

  it.each([
    [
      [
        ["SET", "k", "v"],
        ["NOPE", "x"],
      ],
      "ERR Command is not available: 'NOPE'",
    ],
    [[["SET", "k", "v"], ["GET"]], "ERR wrong number of arguments"],
    [
      [
        ["SET", "k", "v"],
        ["WATCH", "k"],
      ],
      'ERR Command "WATCH" is not allowed in REST',
    ],
  ])("discards a transaction as a whole: %j", async (commands, error) => {
    const { post, run } = await startServer();
    expect(await post("/multi-exec", commands)).toEqual({
      status: 400,
      body: { error: expect.stringContaining(error) },
    });
    expect(await run("GET", "k")).toBeNull();
  });

  it("keeps transactions apart under concurrent requests", async () => {
    const { post } = await startServer();
    const transaction = [
      ["INCR", "a"],
      ["INCR", "b"],
      ["MGET", "a", "b"],
    ];
    const answers = await Promise.all(Array.from({ length: 50 }, () => post("/multi-exec", transaction)));
    for (const { body } of answers) {
      const [a, b, both] = body as { result: unknown }[];
      expect(both?.result).toEqual([String(a?.result), String(b?.result)]);
      expect(a?.result).toBe(b?.result);
    }
  });
});

describe("isolation: one request leaves nothing to the next", () => {
  it.each([
    "MULTI",
    "EXEC",
    "WATCH",
    "DISCARD",
    "SUBSCRIBE",
    "PSUBSCRIBE",
    "MONITOR",
    "HELLO",
    "AUTH",
    "QUIT",
    "RESET",
    "SYNC",
  ])("refuses %s", async (name) => {
    const { post, run } = await startServer();
    expect(await post("/", [name, "x"])).toEqual({
      status: 400,
      body: { error: `ERR Command "${name}" is not allowed in REST or it has a special context path` },
    });
    expect(await run("PING")).toBe("PONG");
  });

  it.each([
    ["SHUTDOWN"],
    ["CONFIG", "SET", "maxclients", "1"],
    ["DEBUG", "SLEEP", "9"],
    ["REPLICAOF", "h", "1"],
    ["ACL", "WHOAMI"],
  ])("has no %s to offer", async (...command) => {
    const { post } = await startServer();
    expect(await post("/", command)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("not available") },
    });
  });

  it("takes SELECT 0 and CLIENT SETINFO, and nothing else of their kind", async () => {
    const { post } = await startServer();
    expect(await post("/", ["SELECT", "0"])).toMatchObject({ body: { result: "OK" } });
    expect(await post("/", ["CLIENT", "SETINFO", "LIB-NAME", "x"])).toMatchObject({ body: { result: "OK" } });
    expect(await post("/", ["SELECT", "1"])).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("Only 0th") },
    });
    expect(await post("/", ["CLIENT", "REPLY", "OFF"])).toMatchObject({ status: 400 });
  });

  it("lets a blocking command hold up nobody but its own request, and end with it", async () => {
    const { post, request, run } = await startServer();
    const waiting = post("/", ["BLPOP", "queue", 0]);
    expect(await run("PING")).toBe("PONG");
    await run("RPUSH", "queue", "job");
    expect(await waiting).toEqual({ status: 200, body: { result: ["queue", "job"] } });

    const leaving = new AbortController();
    const left = request("/", { body: '["BLPOP","queue",0]', signal: leaving.signal });
    while (!String(await run("INFO", "clients")).includes("blocked_clients:1"));
    leaving.abort();
    await expect(left).rejects.toThrow();
    while (!String(await run("INFO", "clients")).includes("blocked_clients:0"));
    await run("RPUSH", "queue", "kept");
    expect(await run("LLEN", "queue")).toBe(1);
  });

  it("waits for a stream with XREAD BLOCK, and gives up in time", async () => {
    const { post, run } = await startServer();
    const waiting = post("/", ["XREAD", "BLOCK", 5_000, "STREAMS", "s", "$"]);
    while (!String(await run("INFO", "clients")).includes("blocked_clients:1"));
    await run("XADD", "s", "1-1", "f", "v");
    expect(await waiting).toMatchObject({ body: { result: [["s", [["1-1", ["f", "v"]]]]] } });
    expect(await post("/", ["XREAD", "BLOCK", 10, "STREAMS", "s", "$"])).toMatchObject({ body: { result: null } });
  });

  it("survives a client that leaves in the middle of its body", async () => {
    const { port, run } = await startServer();
    await new Promise<void>((resolve) => {
      const socket = createConnection(port, "127.0.0.1", () => {
        socket.write(
          `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n["SET",`,
        );
        socket.destroy();
      }).once("close", () => resolve());
    });
    expect(await run("PING")).toBe("PONG");
  });
});

describe("limits", () => {
  const large = "x".repeat(10 * 1024 * 1024);

  it("answers 413 when one command's arguments cross 10 MiB", async () => {
    const { post } = await startServer();
    expect(await post("/", ["SET", "k", large])).toEqual({
      status: 413,
      body: {
        error: expect.stringMatching(/^ERR max request size exceeded\. Limit: 10485760 bytes, Actual: \d+ bytes/),
      },
    });
  });

  it("counts per command: a larger pipeline passes, a larger result is an error with 200", async () => {
    const { post, run } = await startServer();
    const half = large.slice(large.length / 2 + 100);
    expect(
      await post("/pipeline", [
        ["SET", "a", half],
        ["SET", "b", half],
        ["APPEND", "a", half],
        ["APPEND", "a", half],
      ]),
    ).toMatchObject({
      status: 200,
    });
    expect(await post("/", ["GET", "a"])).toEqual({
      status: 200,
      body: { error: expect.stringContaining("ERR max request size exceeded") },
    });
    expect(await run("STRLEN", "a")).toBe(half.length * 3);
  });
});
