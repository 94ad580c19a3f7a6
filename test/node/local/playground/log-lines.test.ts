import { expect, it } from "vitest";
import { createLogReader } from "../../../../local/playground/server/log-lines.ts";

it("reads the Worker's log line by line, by its marks", () => {
  let now = 0;
  const read = createLogReader(() => now);
  expect(read("[wrangler:info] Ready")).toEqual({ shown: "[wrangler:info] Ready" });
  expect(read("⟦123⟧ hello")).toEqual({ shown: "hello", line: { exchange: "123", level: "log", text: "hello" } });
  expect(read("  and more")).toEqual({
    shown: "  and more",
    line: { exchange: "123", level: "log", text: "  and more" },
  });
  expect(read("POST /interactions 200 in 12 ms")).toEqual({ shown: "POST /interactions 200 in 12 ms" });
  now = 1_000;
  expect(read("from elsewhere")).toEqual({ shown: "from elsewhere" });
  const red = "\u001B[31m✘ \u001B[41m[ERROR]\u001B[0m ⟦cron-9⟧ oh";
  expect(read(red)).toEqual({
    shown: red.replace("⟦cron-9⟧ ", ""),
    line: { exchange: "cron-9", level: "error", text: "oh" },
  });
  expect(read('⟦1⟧ {"level":"warn","event":"x"}').line?.level).toBe("warn");
  expect(read("⟦<script>⟧ x")).toMatchObject({ shown: "⟦<script>⟧ x" });
});

it.each([
  ["debug", '{"level":"debug","event":"x"}'],
  ["info", '{"level":"info","event":"x"}'],
  ["error", '{"level":"error","event":"x"}'],
  ["log", '{"level":"fatal","event":"x"}'],
  ["log", ' {"level":"error"}'],
])("takes the level %s from %s", (level, text) => {
  expect(createLogReader(() => 0)(`⟦1⟧ ${text}`).line?.level).toBe(level);
});

it("takes wrangler's warnings for the Worker's own words", () => {
  expect(createLogReader(() => 0)("▲ [WARNING] ⟦1⟧ careful").line).toEqual({
    exchange: "1",
    level: "log",
    text: "careful",
  });
});

it("counts a line to the text before it within 50 ms, unless it is empty or not the Worker's", () => {
  let now = 0;
  const read = createLogReader(() => now);
  read("⟦7⟧ first");
  for (const [at, text, isFurther] of [
    [49, "second", true],
    [98, "third, since the second", true],
    [98, "   ", false],
    [98, "[wrangler:info] x", false],
    [98, "GET /health 200 in 3 ms", false],
    [98, "GET lost", true],
    [148, "late", false],
  ] as const) {
    now = at;
    expect(read(text).line).toEqual(isFurther ? { exchange: "7", level: "log", text } : undefined);
  }
});
