import * as platform from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { trace } from "../../../src/tracing/index.ts";

afterEach(() => void vi.restoreAllMocks());

it("opens a span of the platform's with the attributes, and those that the work sets", () => {
  const spans: unknown[] = [];
  const { tracing } = platform as unknown as { tracing: { startActiveSpan(name: string, work: unknown): unknown } };
  vi.spyOn(tracing, "startActiveSpan").mockImplementation((name, work) => {
    const attributes: unknown[] = [];
    spans.push([name, attributes]);
    const span = { setAttribute: (key: string, value: unknown) => attributes.push([key, value]) };
    return (work as (span: object) => unknown)(span);
  });
  const result = trace("redis", { commands: 2, kind: "get" }, (set) => {
    set("outcome", true);
    return 7;
  });
  expect(result).toBe(7);
  expect(spans).toEqual([
    [
      "redis",
      [
        ["commands", 2],
        ["kind", "get"],
        ["outcome", true],
      ],
    ],
  ]);
});

it("runs the work as it is where the platform has no spans", () => {
  const { tracing } = platform as unknown as { tracing: { startActiveSpan: unknown } };
  const { startActiveSpan } = tracing;
  tracing.startActiveSpan = undefined;
  try {
    expect(trace("redis", {}, (set) => (set("outcome", true), 7))).toBe(7);
  } finally {
    tracing.startActiveSpan = startActiveSpan;
  }
});
