import { expect, it } from "vitest";
import { createRedisControl } from "../../../../local/playground/server/redis-control.ts";
import { redisText } from "../../../../local/playground/server/redis-text.ts";
import { sampleOf } from "../../../../local/playground/server/webhook-samples.ts";

it("writes a command as one line, its arguments up to 120 characters and itself up to 1,000", () => {
  expect(redisText(["SET", "k", Buffer.from("a\n  b"), "PX", "5"])).toBe("SET k a b PX 5");
  expect(redisText(["GET", "x".repeat(120)])).toBe(`GET ${"x".repeat(120)}`);
  expect(redisText(["GET", "x".repeat(121)])).toBe(`GET ${"x".repeat(120)}…`);
  const arguments_ = Array.from({ length: 9 }, () => "x".repeat(110));
  // Nine of them with spaces before are 999; the name is the rest.
  expect(redisText(["A", ...arguments_])).toHaveLength(1_000);
  expect(redisText(["A", ...arguments_])).not.toContain("…");
  expect(redisText(["AB", ...arguments_])).toBe(`${["AB", ...arguments_].join(" ").slice(0, 1_000)}…`);
});

it("asks for the first job that is due, under the prefix of the Worker", async () => {
  const asked: unknown[] = [];
  const control = (reply: unknown, prefix?: string) =>
    createRedisControl({
      server: {
        setFaults() {},
        peek: async (...command) => {
          asked.push(command);
          return reply;
        },
      },
      setAhead() {},
      ...(prefix !== undefined && { prefix }),
    });
  expect(await control([Buffer.from("a"), Buffer.from("5.75")]).nextJobAt()).toBe(5);
  expect(await control([Buffer.from("a"), Buffer.from("x")], "t:").nextJobAt()).toBeUndefined();
  expect(await control(null).nextJobAt()).toBeUndefined();
  expect(asked.slice(0, 2)).toEqual([
    ["ZRANGE", "sp:j:due", 0, 0, "WITHSCORES"],
    ["ZRANGE", "t:j:due", 0, 0, "WITHSCORES"],
  ]);
});

it("makes webhook events of a person, in a server or elsewhere", () => {
  let made = 0;
  const user = { id: "1" } as never;
  const guild = { guild: { id: "5", name: "The Harbour" } } as never;
  const about = { applicationId: "9", user, createId: () => String((made += 1)) };
  expect(sampleOf("APPLICATION_AUTHORIZED", { ...about, guild })).toEqual({
    integration_type: 0,
    scopes: ["applications.commands", "bot"],
    user,
    guild: { id: "5", name: "The Harbour" },
  });
  expect(sampleOf("APPLICATION_AUTHORIZED", { ...about, guild: undefined })).toEqual({
    integration_type: 1,
    scopes: ["applications.commands"],
    user,
  });
  expect(sampleOf("APPLICATION_DEAUTHORIZED", { ...about, guild })).toEqual({ user });
  const entitlement = {
    application_id: "9",
    type: 8,
    user_id: "1",
    deleted: false,
    starts_at: null,
    ends_at: null,
    consumed: false,
  };
  expect(sampleOf("ENTITLEMENT_CREATE", { ...about, guild })).toEqual({
    ...entitlement,
    id: "1",
    sku_id: "2",
    guild_id: "5",
  });
  expect(sampleOf("ENTITLEMENT_CREATE", { ...about, guild: undefined })).toEqual({
    ...entitlement,
    id: "3",
    sku_id: "4",
  });
});
