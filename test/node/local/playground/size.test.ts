import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { bundlePage } from "../../../../local/playground/server/bundle.ts";

const maxGzipBytes = 60_000;

it("sends at most 60 kB of JavaScript, and the highlighting of code only when there is code", async () => {
  const files = [...(await bundlePage())].filter(([name]) => name.endsWith(".js"));
  const sizes = files.map(([name, { text }]) => [name, gzipSync(text, { level: 9 }).length] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(maxGzipBytes);
  expect(sizes.length).toBeGreaterThan(1);
  const main = files.find(([name]) => name === "main.js")?.[1].text;
  expect(main).not.toContain("hljs-");
});
