import { expect, it } from "vitest";
import { trace } from "../../../src/tracing/index.ts";

it("returns what the work returns, in a span or without one, and lets it set attributes", async () => {
  expect(trace("redis", { "redis.commands": 2 }, () => 7)).toBe(7);
  const later = trace("interaction", { "discord.interaction_id": "1" }, async (set) => {
    set("outcome", "ok");
    return "done";
  });
  expect(await later).toBe("done");
  expect(() =>
    trace("tick", {}, () => {
      throw new Error("the work's own");
    }),
  ).toThrow("the work's own");
});
