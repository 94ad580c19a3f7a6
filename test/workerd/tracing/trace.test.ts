import * as platform from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { trace } from "../../../src/tracing/index.ts";

// Whose spans they become, and when they end: test/node/tracing.

const { tracing } = platform as unknown as { tracing: Record<"enterSpan" | "getActiveSpan", unknown> };

afterEach(() => void vi.restoreAllMocks());

it("returns what the work returns, and throws what it throws", async () => {
  expect(trace("redis", { "redis.commands": 2 }, () => 7)).toBe(7);
  expect(await trace("interaction", { "discord.interaction_id": "1" }, async () => "done")).toBe("done");
  expect(() =>
    trace("tick", {}, () => {
      throw new Error("the work's own");
    }),
  ).toThrow("the work's own");
});

it("opens no span where no one records the invocation", () => {
  const enterSpan = vi.spyOn(tracing, "enterSpan" as never);
  expect(trace("redis", {}, () => 7)).toBe(7);
  expect(enterSpan).not.toHaveBeenCalled();
});

it.each(["enterSpan", "getActiveSpan"] as const)("runs the work in a runtime without %s, too", (name) => {
  const original = tracing[name];
  tracing[name] = undefined;
  try {
    expect(trace("redis", { "redis.commands": 2 }, () => 7)).toBe(7);
  } finally {
    tracing[name] = original;
  }
});
