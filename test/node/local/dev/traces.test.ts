import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";
import { createTraces } from "../../../../local/dev/traces.ts";

it("replaces places in the bundle by those in the project", async () => {
  const root = mkdtempSync(join(tmpdir(), "sandpiper-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "src/bot"), { recursive: true });
  writeFileSync(
    join(root, "src/bot/ping.ts"),
    'interface A {}\n\nexport const ping = (): never => {\n  throw new Error("boom");\n};\n',
  );
  const bundle = join(root, ".wrangler/tmp/dev-1/worker.js");
  await build({
    entryPoints: [join(root, "src/bot/ping.ts")],
    outfile: bundle,
    bundle: true,
    format: "esm",
    sourcemap: true,
  });
  const before = readFileSync(bundle, "utf8").split("new Error", 1)[0]?.split("\n") ?? [];
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  const traces = createTraces(bundle, `${bundle}.map`, root);
  expect(traces(`at ping (worker.js:${place})\n at file://${bundle}:${place}`)).toBe(
    "at ping (src/bot/ping.ts:4:9)\n at src/bot/ping.ts:4:9",
  );
  expect(traces(JSON.stringify({ stack: `Error\n    at worker.js:${place}` }))).toContain("at src/bot/ping.ts:4:9");
  expect(traces("at another.js:1:1")).toBe("at another.js:1:1");
  expect(createTraces(bundle, undefined, root)("worker.js:1:1")).toBe("worker.js:1:1");
});
