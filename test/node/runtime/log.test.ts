import { afterEach, expect, it, vi } from "vitest";
import { createLog, errorFields, type LogLevel, logLevels } from "../../../src/runtime/log.ts";

afterEach(() => void vi.restoreAllMocks());

it.each<[LogLevel, LogLevel[]]>([
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
])("writes from the level %s on, each to the console's own", (threshold, expected) => {
  const lines: unknown[] = [];
  for (const level of logLevels)
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push([level, JSON.parse(line)]));
  const log = createLog(threshold);
  for (const level of logLevels) log(level, "happened", { count: 1 });
  expect(lines).toEqual(expected.map((level) => [level, { level, event: "happened", count: 1 }]));
});

it("writes of an error what it says, its name and where it was thrown", () => {
  expect(errorFields(new TypeError("odd"))).toEqual({
    error: "odd",
    name: "TypeError",
    stack: expect.stringContaining("log.test.ts"),
  });
  expect(errorFields("just words")).toEqual({ error: "just words" });
});
