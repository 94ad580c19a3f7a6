import { expect, it } from "vitest";
import { isRead, isRepeatable } from "../../../src/redis/repeatable.ts";

it.each([
  [["GET", "k"]],
  [["mget", "a", "b"]],
  [["SET", "k", "v"]],
  [["SET", "nx", "nx", "EX", 10]],
  [["SET", "get", "get", "KEEPTTL"]],
  [["SETEX", "k", 10, "v"]],
  [["PSETEX", "k", 10, "v"]],
  [["MSET", "a", "1", "nx", "nx"]],
  [["PEXPIREAT", "k", 10]],
  [["SCRIPT", "exists", "sha"]],
  [["GETEX", "k", "PX", 10]],
  [["EXPIRE", "k", 10]],
  [["SCRIPT", "LOAD", "return 1"]],
  [["ZRANGE", "z", 0, -1]],
])("%j may run twice", (command) => expect(isRepeatable(command)).toBe(true));

it.each([
  [["INCR", "k"]],
  [["DEL", "k"]],
  [["SET", "k", "v", "NX"]],
  [["SET", "k", "v", "PX", 10, "ifeq", "old"]],
  [["SET", "k", "v", "GET"]],
  [["SET", "k", "v", "XX"]],
  ...["IFNE", "IFDEQ", "IFDNE"].map((condition) => [["SET", "k", "v", condition, "old"]]),
  ...["NX", "XX", "LT"].map((condition) => [["PEXPIRE", "k", 10, condition]]),
  ...["GETDEL", "UNLINK", "APPEND", "SETNX", "MSETNX", "HSET", "HDEL", "HINCRBY", "HSETNX", "LPUSH", "LPOP"].map(
    (name) => [[name, "k", "v"]],
  ),
  ...["SADD", "SREM", "ZADD", "ZREM", "XACK", "XDEL", "PERSIST", "RENAME", "EVALSHA", "FCALL", "PUBLISH"].map(
    (name) => [[name, "k", "v"]],
  ),
  [["EXPIRE", "k", 10, "GT"]],
  [["XADD", "s", "*", "f", "v"]],
  [["EVAL", "return 1", 0]],
  [["SCRIPT", "FLUSH"]],
  [["LTRIM", "k", 0, -2]],
  [["SOMETHING-NEW", "k"]],
])("%j may not run twice", (command) => expect(isRepeatable(command)).toBe(false));

it("tells a read from a write that may be repeated", () => {
  expect(isRead(["GET", "k"])).toBe(true);
  expect(isRead(["SET", "k", "v"])).toBe(false);
});
