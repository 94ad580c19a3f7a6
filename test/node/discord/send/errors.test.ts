import { expect, it } from "vitest";
import { DiscordApiError, DiscordRateLimitError, isForbidden } from "../../../../src/discord/index.ts";
import { parseObject, readRefusal } from "../../../../src/discord/send/errors.ts";

const none = { code: 0, message: "no reason given with HTTP 502", fields: [] };

it.each<[string, object]>([
  ["<html>502</html>", none],
  ["", none],
  ["null", none],
  ["7", none],
  ['"code"', none],
  ["[]", none],
  ['{"code":"50035","message":7}', none],
  ['{"code":10003,"message":"Unknown Channel"}', { code: 10_003, message: "Unknown Channel", fields: [] }],
  ['{"message":"No","errors":null}', { code: 0, message: "No", fields: [] }],
  ['{"message":"No","errors":{"a":{"_errors":{}}}}', { code: 0, message: "No", fields: [] }],
  ['{"message":"No","errors":{"a":{"_errors":[null,"x"]}}}', { code: 0, message: "No", fields: [] }],
  [
    '{"code":1,"message":"No","errors":{"_errors":[{"code":"A","message":"whole"}]}}',
    { code: 1, message: "No", fields: [{ path: "", code: "A", message: "whole" }] },
  ],
  [
    '{"code":1,"message":"No","errors":{"a":{"0":{"b":{"_errors":[{"code":"B","message":"deep"},{"code":"C","message":"too"}]}}}}}',
    {
      code: 1,
      message: "No",
      fields: [
        { path: "a.0.b", code: "B", message: "deep" },
        { path: "a.0.b", code: "C", message: "too" },
      ],
    },
  ],
])("reads the refusal %s", (text, refusal) => {
  expect(readRefusal(text, 502)).toEqual(refusal);
});

it("takes every text but an object in JSON for an empty object", () => {
  expect(["null", "7", "{", '{"a":1}'].map(parseObject)).toEqual([{}, {}, {}, { a: 1 }]);
});

it("says what Discord refused, and which fields, and rounds a wait up", () => {
  const fields = [
    { path: "a", code: "X", message: "is bad" },
    { path: "b", code: "Y", message: "is worse" },
  ];
  const refusal = { code: 5, message: "Invalid", fields };
  const error = new DiscordApiError("GET /x", 400, refusal);
  expect(error).toMatchObject({ code: 5, status: 400, fields, route: "GET /x", isRemembered: false });
  expect(error.message).toBe("GET /x: HTTP 400, 5 Invalid (a: is bad b: is worse)");
  expect(new DiscordApiError("GET /x", 400, { ...refusal, fields: [] }).message).toBe("GET /x: HTTP 400, 5 Invalid");
  expect(new DiscordRateLimitError("GET /x", 1.2).message).toContain("for another 2 ms");
});

it("takes 403 and 404 for a refusal that another try does not change, and no other failure", () => {
  const statuses = [400, 401, 402, 403, 404, 405, 429];
  const refusal = { code: 0, message: "", fields: [] };
  expect(statuses.filter((status) => isForbidden(new DiscordApiError("", status, refusal)))).toEqual([403, 404]);
  expect([isForbidden(new Error("403")), isForbidden({ status: 403 })]).toEqual([false, false]);
});
