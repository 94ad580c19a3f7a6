import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bundleWithInputs } from "../../bench/workerd.ts";

const root = join(import.meta.dirname, "../..");
const { bundle: budgets } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  bundle: { maxGzipBytes: number; maxGzipBytesWithoutDashboard: number };
};

/** The files that only the dashboard needs. */
const ofPages = (inputs: readonly string[]) =>
  inputs.filter((path) => /\/hono\/dist\/(jsx|helper\/html)\/|\.tsx$|src\/web\/(dashboard|actions|login)\b/.test(path));

describe("the bundle", () => {
  it("carries no page and nothing of hono/jsx when worker.ts leaves the dashboard out", async () => {
    const { code, inputs } = await bundleWithInputs("peers/bot-without-dashboard.ts");
    expect(inputs).toContain("src/web/events.ts");
    expect(ofPages(inputs)).toEqual([]);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(budgets.maxGzipBytesWithoutDashboard);
  });

  it("carries them with it, and wraps no module to evaluate it later", async () => {
    const { code, inputs } = await bundleWithInputs("peers/bot.ts");
    expect(ofPages(inputs)).toContain("src/web/dashboard/console-app.tsx");
    expect(inputs.some((path) => path.endsWith("/hono/dist/jsx/base.js"))).toBe(true);
    // esbuild would wrap whatever the pages share with the rest, which costs 5 kB and takes longer than it saves.
    expect(code).not.toMatch(/\bimport\(|Promise\.resolve\(\)\.then\(\(\) ?=>/);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(budgets.maxGzipBytes);
  });
});
