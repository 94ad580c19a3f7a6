import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";
import { limited, outcomeJson, outcomesJson } from "../../../../../local/redis/rest/format.ts";
import { startServer, type TestServer } from "../support.ts";

const base64 = { "Upstash-Encoding": "base64" };
const resp2 = { "Upstash-Response-Format": "resp2" };

async function fill(server: TestServer): Promise<void> {
  await server.pipeline(
    ["SET", "text", "v"],
    ["SET", "ok", "OK"],
    ["HSET", "hash", "f", "v"],
    ["ZADD", "sorted", 1.5, "m"],
    ["RPUSH", "list", "OK", "b"],
  );
}

it("answers RESP2 shapes as JSON", async () => {
  const server = await startServer();
  await fill(server);
  const answer = await server.post("/", ["GET", "text"]);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer).toMatchObject({ status: 200, text: '{"result":"v"}' });
  expect(await server.command("GET", "none")).toEqual({ result: null });
  expect(await server.command("LRANGE", "none", 0, -1)).toEqual({ result: [] });
  expect(await server.command("HGETALL", "hash")).toEqual({ result: ["f", "v"] });
  expect(await server.command("ZSCORE", "sorted", "m")).toEqual({ result: "1.5" });
  expect(await server.command("SISMEMBER", "none", "m")).toEqual({ result: 0 });
  expect(await server.command("EVAL", "return {1, 'a', {redis.status_reply('OK'), false}, 2.9}", 0)).toEqual({
    result: [1, "a", ["OK", null], 2],
  });
});

it("writes integers beyond 2^53 with all their digits", async () => {
  const server = await startServer();
  await server.command("SET", "k", "9007199254740992");
  expect((await server.post("/", ["INCR", "k"])).text).toBe('{"result":9007199254740993}');
});

it("answers 400 with the engine's own words to a command that fails", async () => {
  const server = await startServer();
  await fill(server);
  expect(await server.post("/", ["INCR", "text"])).toMatchObject({
    status: 400,
    json: { error: "ERR value is not an integer or out of range" },
  });
  expect(await server.post("/", ["GET"])).toMatchObject({
    status: 400,
    json: { error: "ERR wrong number of arguments for 'get' command" },
  });
});

it("encodes every string in base64 but the status OK", async () => {
  const server = await startServer();
  await fill(server);
  const read = async (...command: unknown[]) => (await server.post("/", command, base64)).json;
  expect(await read("GET", "text")).toEqual({ result: "dg==" });
  expect(await read("SET", "text", "v")).toEqual({ result: "OK" });
  expect(await read("GET", "ok")).toEqual({ result: "T0s=" });
  expect(await read("PING")).toEqual({ result: "UE9ORw==" });
  expect(await read("GET", "none")).toEqual({ result: null });
  expect(await read("STRLEN", "text")).toEqual({ result: 1 });
  expect(await read("LRANGE", "list", 0, -1)).toEqual({ result: ["T0s=", "Yg=="] });
  expect(await read("EVAL", "return {redis.status_reply('OK'), {'a', 1}, ''}", 0)).toEqual({
    result: ["T0s=", ["YQ==", 1], ""],
  });
  expect(await read("INCR", "text")).toEqual({ error: "ERR value is not an integer or out of range" });
});

it("leaves the status OK unencoded in pipelines and transactions too", async () => {
  const server = await startServer();
  for (const path of ["/pipeline", "/multi-exec"]) {
    const { text } = await server.post(path, [["SET", "k", "OK"], ["GET", "k"], ["INCR", "k"], ["PING"]], base64);
    expect(JSON.parse(text)).toEqual([
      { result: "OK" },
      { result: "T0s=" },
      { error: "ERR value is not an integer or out of range" },
      { result: "UE9ORw==" },
    ]);
  }
});

it("returns any bytes in base64", async () => {
  const server = await startServer();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await server.fetchText("POST", "/pipeline", '[["DEL","k"]]');
      await server.fetchText("PUT", "/append/k", bytes);
      const { json } = await server.post("/", ["GET", "k"], base64);
      // With no body there is no argument to append.
      const expected = bytes.length === 0 ? null : Buffer.from(bytes).toString("base64");
      expect(json.result).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

it("replaces bytes that are not UTF-8 without base64", async () => {
  const server = await startServer();
  await server.fetchText("GET", "/set/k/%ffa");
  expect(await server.command("GET", "k")).toEqual({ result: "\ufffda" });
});

it("escapes control characters, quotes and backslashes in JSON", async () => {
  const server = await startServer();
  const text = 'quote " backslash \\ newline \n nul \u0000 line \u2028 end';
  await server.command("SET", "k", text);
  expect(await server.command("GET", "k")).toEqual({ result: text });
});

it("answers in RESP2 on request, for one command and for a pipeline", async () => {
  const server = await startServer();
  await fill(server);
  const one = await server.post("/", ["LRANGE", "list", 0, -1], resp2);
  expect(one.headers.get("content-type")).toBe("application/octet-stream");
  expect(one).toMatchObject({ status: 200, text: "*2\r\n$2\r\nOK\r\n$1\r\nb\r\n" });
  const several = await server.post(
    "/pipeline",
    [
      ["SET", "a", 1],
      ["INCR", "a"],
      ["GET", "none"],
      ["INCR", "text"],
    ],
    resp2,
  );
  expect(several.text).toBe("+OK\r\n:2\r\n$-1\r\n-ERR value is not an integer or out of range\r\n");
});

it("refuses an unknown response format, and RESP2 in base64", async () => {
  const server = await startServer();
  expect((await server.post("/", ["PING"], { "Upstash-Response-Format": "json" })).json).toEqual({ result: "PONG" });
  expect((await server.post("/", ["PING"], { "Upstash-Response-Format": "resp3" })).status).toBe(400);
  expect((await server.post("/pipeline", [["PING"]], { ...resp2, ...base64 })).status).toBe(400);
});

it("ignores the response format at /multi-exec", async () => {
  const server = await startServer();
  const answer = await server.post("/multi-exec", [["PING"]], { ...resp2, ...base64 });
  expect(answer).toMatchObject({ status: 200, text: '[{"result":"UE9ORw=="}]' });
});

it("sends a sync token that changes with every request, and ignores the client's", async () => {
  const server = await startServer();
  const first = await server.post("/", ["SET", "k", "v"], { "Upstash-Sync-Token": "" });
  const second = await server.post("/", ["GET", "k"], { "Upstash-Sync-Token": "what is this" });
  expect(first.headers.get("upstash-sync-token")).toMatch(/^[0-9A-V]{8}$/);
  expect(second.headers.get("upstash-sync-token")).not.toBe(first.headers.get("upstash-sync-token"));
});

const most = 10 * 1024 * 1024;

it("lets a result be as large as Upstash allows, and not a byte larger", () => {
  const right = Buffer.alloc(most);
  expect(limited(right)).toBe(right);
  const refused = limited(Buffer.alloc(most + 1));
  expect(refused).toBeInstanceOf(ReplyError);
  expect((refused as ReplyError).text).toContain(`Limit: ${most} bytes, Actual: ${most + 1} bytes`);
  // A number in a list counts for 8 bytes.
  const list = [Buffer.alloc(most - 16), 1, [null]];
  expect(limited(list)).toBe(list);
  expect(limited([...list, Buffer.alloc(1)])).toBeInstanceOf(ReplyError);
  expect(limited(7)).toBe(7);
  expect(limited(null)).toBeNull();
  expect(limited([])).toEqual([]);
});

it("writes a status, an error and numbers in a list, and commas between", () => {
  const list = [new Status("OK"), new ReplyError("ERR x"), 1, 2n ** 60n, null, Buffer.from("a"), []];
  expect(outcomeJson(list, "json")).toBe('{"result":["OK","ERR x",1,1152921504606846976,null,"a",[]]}');
  expect(outcomeJson(new Status("QUEUED"), "base64")).toBe('{"result":"UVVFVUVE"}');
  expect(outcomeJson(Buffer.from("OK"), "base64")).toBe('{"result":"T0s="}');
  expect(outcomesJson([], "json")).toBe("[]");
  expect(outcomesJson([1, new ReplyError('ERR "x"')], "base64")).toBe('[{"result":1},{"error":"ERR \\"x\\""}]');
});
