import { expect, it } from "vitest";
import { problemOf, type RedisProblem } from "../../../src/redis/problem.ts";

it.each<[RedisProblem, string]>([
  ["damaged", "WRONGTYPE Operation against a key holding the wrong kind of value"],
  ["damaged", "ERR Error running script: WRONGTYPE Operation against a key"],
  ["quota", "ERR max daily request limit exceeded. Limit: 10000, Usage: 10000"],
  ["quota", "ERR max monthly requests limit exceeded"],
  ["quota", "ERR max requests count exceeded, max commands quota exceeded"],
  ["quota", "ERR max bandwidth limit exceeded"],
  ["full", "OOM command not allowed when used memory > 'maxmemory'"],
  ["full", "ERR database size exceeded"],
  ["full", "ERR data size limit exceeded"],
  ["full", "ERR storage quota exceeded"],
  ["full", "ERR capacity exceeded"],
  ["too-large", "ERR max request size exceeded. Limit: 1048576 bytes"],
  ["too-large", "ERR max single record size exceeded"],
  ["too-large", "ERR max key size exceeded"],
  ["read-only", "READONLY You can't write against a read only replica."],
  ["read-only", "NOPERM this user has no permissions to run the 'set' command"],
  ["read-only", "ERR the token is read-only"],
  ["token", "WRONGPASS invalid or missing auth token"],
  ["token", "NOAUTH Authentication required."],
  ["token", "Unauthorized"],
  ["token", "ERR unauthorized"],
  ["other", "ERR syntax error"],
  ["other", "ERR value is not an integer or out of range"],
  ["other", "ERR unknown command 'ROOM'"],
  ["other", "ERR this is not unauthorized"],
  ["other", "no reason given"],
])("is %s: %s", (problem, text) => {
  expect(problemOf(text)).toBe(problem);
});
