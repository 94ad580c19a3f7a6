import { expect, it } from "vitest";
import { startServer } from "../support.ts";

const limit = 10 * 1024 * 1024;
const text = (bytes: number) =>
  `ERR max request size exceeded. Limit: ${limit} bytes, Actual: ${bytes} bytes. ` +
  "See https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded for details";

it("answers 413 to a command whose arguments are over 10 MiB, and runs none of its request", async () => {
  const server = await startServer();
  const value = "x".repeat(limit - "SETk".length);
  expect(await server.post("/", ["SET", "k", value])).toMatchObject({ status: 200 });
  expect(await server.post("/", ["SET", "k", `${value}x`])).toMatchObject({
    status: 413,
    json: { error: text(limit + 1) },
  });
  expect(await server.fetchText("PUT", "/set/k", `${value}x`)).toMatchObject({ status: 413 });
  expect(
    await server.post("/pipeline", [
      ["SET", "other", 1],
      ["SET", "k", `${value}x`],
    ]),
  ).toMatchObject({ status: 413 });
  expect(await server.command("EXISTS", "other")).toEqual({ result: 0 });
});

it("accepts a pipeline over 10 MiB in total, both ways", async () => {
  const server = await startServer();
  const value = "x".repeat(6 * 1024 * 1024);
  const replies = await server.pipeline(["SET", "a", value], ["SET", "b", value], ["GET", "a"], ["GET", "b"]);
  expect(replies.map(({ result }) => String(result).length)).toEqual([2, 2, value.length, value.length]);
});

it("answers 200 with an error for a result over 10 MiB", async () => {
  const server = await startServer();
  const half = "x".repeat(limit / 2 + 10);
  await server.pipeline(["RPUSH", "l", half, "small"], ["RPUSH", "l", half]);
  const one = await server.post("/", ["LRANGE", "l", 0, -1]);
  expect(one.status).toBe(200);
  expect(one.json.error).toMatch(/^ERR max request size exceeded\. Limit: 10485760 bytes/);
  const [first, second] = await server.pipeline(["LRANGE", "l", 0, -1], ["LINDEX", "l", 1]);
  expect(first?.error).toContain("max request size");
  expect(second).toEqual({ result: "small" });
});

it("answers 413 to a body over the limit, having read it to the end", async () => {
  const server = await startServer();
  const answer = await server.fetchText("POST", "/pipeline", Buffer.alloc(161 * 1024 * 1024, " "));
  expect(answer.status).toBe(413);
  expect(await server.command("PING")).toEqual({ result: "PONG" });
});

it("refuses a command with a key over 32 KiB, and runs the rest of its pipeline", async () => {
  const server = await startServer();
  const key = "é".repeat(16 * 1024);
  const error = "ERR max key size exceeded. Limit: 32768 bytes, Actual: 32769 bytes";
  expect(await server.post("/", ["SET", key, `${key}x`])).toMatchObject({ status: 200 });
  expect(await server.post("/", ["SET", `${key}x`, 1])).toMatchObject({ status: 400, json: { error } });
  expect(
    await server.pipeline(
      ["MGET", "a", `${key}x`],
      ["EVAL", "return ARGV[1]", 1, `${key}x`, 1],
      ["EVAL", "return #ARGV[1]", 1, "k", `${key}x`],
      ["PUBLISH", `${key}x`, 1],
      ["STRLEN", key],
    ),
  ).toEqual([{ error }, { error }, { result: 32_769 }, { result: 0 }, { result: 32_769 }]);
  expect(
    await server.post("/multi-exec", [
      ["SET", "b", 1],
      ["GET", `${key}x`],
    ]),
  ).toMatchObject({ json: { error } });
  expect(await server.command("EXISTS", "b")).toEqual({ result: 0 });
});
