import * as fc from "fast-check";
import { expect, it } from "vitest";
import { rawRequest, startServer, type TestServer, token } from "../support.ts";

/** Returns the arguments as the engine received them. */
const echo = async (server: TestServer, path: string, options: { method?: string; body?: Uint8Array } = {}) => {
  const answer = await rawRequest(server.url, { path, method: options.method ?? "GET" }, options.body);
  return JSON.parse(answer.text);
};

it("runs the command in the body of POST /, whatever its content type", async () => {
  const server = await startServer();
  expect(await server.post("/", ["SET", "k", "v", "EX", 100])).toMatchObject({ status: 200, text: '{"result":"OK"}' });
  const plain = await server.fetchText("POST", "/", '["GET","k"]', {
    "Content-Type": "application/x-www-form-urlencoded",
  });
  expect(plain.json).toEqual({ result: "v" });
});

it("runs the command in the path by GET, POST, PUT and HEAD", async () => {
  const server = await startServer();
  for (const method of ["GET", "POST", "PUT"] as const) {
    expect((await server.fetchText(method, `/incr/${method}`)).json).toEqual({ result: 1 });
  }
  const head = await server.fetchText("HEAD", "/incr/HEAD");
  expect(head).toMatchObject({ status: 200, text: "" });
  expect(await server.command("MGET", "GET", "POST", "PUT", "HEAD")).toEqual({ result: ["1", "1", "1", "1"] });
});

it("appends a body as the last path argument, byte for byte, and the query after it", async () => {
  const server = await startServer();
  const bytes = Buffer.from([0, 0xff, 0x22, 0x0d, 0x0a]);
  expect(await echo(server, "/set/k?EX=100&NX", { method: "POST", body: bytes })).toEqual({ result: "OK" });
  expect(await server.command("TTL", "k")).toEqual({ result: 100 });
  const read = await server.post("/", ["GET", "k"], { "Upstash-Encoding": "base64" });
  expect(read.json).toEqual({ result: bytes.toString("base64") });
});

it("decodes each path segment: slashes, blanks, UTF-8 and other bytes", async () => {
  const server = await startServer();
  expect(await echo(server, "/echo/a%2Fb%20c%3F%26%25")).toEqual({ result: "a/b c?&%" });
  expect(await echo(server, "/echo/gr%C3%BC%C3%9Fe")).toEqual({ result: "grüße" });
  expect(await echo(server, "/echo/a+b")).toEqual({ result: "a+b" });
  expect(await echo(server, "/set/k/%ff%00")).toEqual({ result: "OK" });
  expect((await server.post("/", ["GET", "k"], { "Upstash-Encoding": "base64" })).json).toEqual({ result: "/wA=" });
});

it("keeps empty segments as empty arguments", async () => {
  const server = await startServer();
  expect(await echo(server, "/set/k/")).toEqual({ result: "OK" });
  expect(await server.command("GET", "k")).toEqual({ result: "" });
});

it("refuses an invalid escape in the path", async () => {
  const server = await startServer();
  expect(await echo(server, "/echo/100%")).toEqual({ error: 'ERR invalid URL escape in "100%"' });
});

it("appends `?NX` as one argument, `?EX=` as two, in order", async () => {
  const server = await startServer();
  expect(await echo(server, "/rpush/l?a=1&b&c=&d+e=%2B")).toEqual({ result: 7 });
  expect(await server.command("LRANGE", "l", 0, -1)).toEqual({ result: ["a", "1", "b", "c", "", "d e", "+"] });
});

it("sends numbers and booleans as they were written", async () => {
  const server = await startServer();
  const body = '["RPUSH","l",1,1.0,1.50,1e3,-0,12345678901234567890,0.1,true,false,"1.0"]';
  await server.fetchText("POST", "/", body);
  expect(await server.command("LRANGE", "l", 0, -1)).toEqual({
    result: ["1", "1.0", "1.50", "1e3", "-0", "12345678901234567890", "0.1", "true", "false", "1.0"],
  });
  for (const number of ["1.0", "1e3", "-0", "12345678901234567890"]) {
    expect((await server.fetchText("POST", "/", `["ECHO",${number}]`)).json).toEqual({ result: number });
  }
  await server.fetchText("POST", "/pipeline", '[["SET","a",9007199254740993],["SET","b",1]]');
  expect(await server.command("MGET", "a", "b")).toEqual({ result: ["9007199254740993", "1"] });
});

it.each([
  ["/", "", "EOF"],
  ["/", "{}", "expected JSON array"],
  ["/", '"PING"', "expected JSON array"],
  ["/", "[", "ERR failed to parse command: the body is not JSON"],
  ["/", "[]", "ERR empty command"],
  ["/", '[""]', "ERR empty command"],
  ["/", '["SET","k",null]', "ERR null args are not supported"],
  ["/", '["SET","k",["v"]]', 'ERR unsupported arg type: "[" : json.Delim'],
  ["/", '["SET","k",{"v":1}]', 'ERR unsupported arg type: "{" : json.Delim'],
  ["/pipeline", "", "EOF"],
  ["/pipeline", "[]", "ERR empty pipeline request"],
  ["/pipeline", '["PING"]', "expected JSON array"],
  ["/pipeline", '[["SET","k","v"],[]]', "ERR empty command"],
  ["/multi-exec", '[["SET","k","v"],["SET","k",null]]', "ERR null args are not supported"],
])("answers 400 to %s with the body %j", async (path, body, error) => {
  const server = await startServer();
  const answer = await server.fetchText("POST", path, body);
  expect(answer).toMatchObject({ status: 400, json: { error } });
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await server.command("EXISTS", "k")).toEqual({ result: 0 });
});

it.each(["DELETE", "PATCH"] as const)("answers 405 with an empty body to %s", async (method) => {
  const server = await startServer();
  expect(await server.fetchText(method, "/get/k")).toMatchObject({ status: 405, text: "" });
});

it("answers 400 to GET /, which has no command", async () => {
  const server = await startServer();
  expect(await server.fetchText("GET", "/")).toMatchObject({ status: 400, json: { error: "ERR empty command" } });
});

const argument = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  fc.string({ unit: "binary-ascii" }),
  fc.constantFrom("/", "%", "?", "&", "=", "+", "..", ".", "%2F", "-0", "1.0", "\r\n", "OK", "_token=x"),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);

it("passes any arguments to the engine unchanged, by body and by path", async () => {
  const server = await startServer();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 8 }), async (values) => {
      const texts = values.map((value) => (typeof value === "number" ? JSON.stringify(value) : String(value)));
      const [byBody, byPath] = [`body${(round += 1)}`, `path${round}`];
      const json = values.map((value) =>
        typeof value === "string"
          ? JSON.stringify(value)
          : typeof value === "number"
            ? JSON.stringify(value)
            : String(value),
      );
      await server.fetchText("POST", "/", `["RPUSH","${byBody}",${json.join(",")}]`);
      const path = `/rpush/${byPath}/${texts.map(encodeURIComponent).join("/")}`;
      await rawRequest(server.url, { path });
      expect(await server.command("LRANGE", byBody, 0, -1)).toEqual({ result: texts });
      expect(await server.command("LRANGE", byPath, 0, -1)).toEqual({ result: texts });
    }),
    { numRuns: 60 },
  );
});

it("requires the token in every form of a request", async () => {
  const server = await startServer();
  expect(await echo(server, `/echo/x?_token=${token}`)).toEqual({ result: "x" });
});

it("refuses arrays nested without end like any other body that holds no command", async () => {
  const server = await startServer();
  const nested = (start: string) => `${start}${"[".repeat(200_000)}${"]".repeat(200_000)}]`;
  const unsupported = { status: 400, json: { error: 'ERR unsupported arg type: "[" : json.Delim' } };
  expect(await server.fetchText("POST", "/", nested('["SET","k",'))).toMatchObject(unsupported);
  expect(await server.fetchText("POST", "/pipeline", `[${nested('["SET","k",')}]`)).toMatchObject(unsupported);
  // Numbers that a double would change make the server read the text again.
  expect(await server.fetchText("POST", "/", nested('["SET",1.0,'))).toMatchObject({ status: 400 });
});
