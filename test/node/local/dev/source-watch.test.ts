import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { watchSources } from "../../../../local/dev/source-watch.ts";

function createProject() {
  const root = mkdtempSync(join(tmpdir(), "sandpiper-"));
  mkdirSync(join(root, "src/bot"), { recursive: true });
  writeFileSync(join(root, "src/bot/ping.ts"), "1");
  writeFileSync(join(root, "wrangler.toml"), "1");
  const saved = new Set<string>();
  const end = watchSources({ root, folder: "src", files: ["wrangler.toml"] }, (path) => saved.add(path));
  onTestFinished(() => {
    end();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    path: (name: string) => join(root, name),
    saved,
    /** Resolves when the path is reported as saved once more. */
    async seen(path: string) {
      await expect.poll(() => saved.has(path), { timeout: 10_000 }).toBe(true);
      saved.clear();
    },
  };
}

it("reports files that are written, replaced, moved, deleted, and the named ones beside the folder", async () => {
  const { path, seen } = createProject();
  writeFileSync(path("src/bot/ping.ts"), "2");
  await seen("src/bot/ping.ts");
  writeFileSync(path("src/bot/.ping.ts.swp"), "3");
  renameSync(path("src/bot/.ping.ts.swp"), path("src/bot/ping.ts"));
  await seen("src/bot/ping.ts");
  writeFileSync(path("wrangler.toml"), "2");
  await seen("wrangler.toml");
  rmSync(path("src/bot/ping.ts"));
  await seen("src/bot/ping.ts");
});

it("reports files in folders that are new, and in one that takes the place of another", async () => {
  const { path, seen } = createProject();
  mkdirSync(path("src/bot/poll/deep"), { recursive: true });
  await seen("src/bot/poll");
  writeFileSync(path("src/bot/poll/deep/index.ts"), "1");
  await seen("src/bot/poll/deep/index.ts");
  mkdirSync(path("other"));
  renameSync(path("src/bot/poll"), path("old"));
  renameSync(path("other"), path("src/bot/poll"));
  await seen("src/bot/poll");
  writeFileSync(path("src/bot/poll/index.ts"), "1");
  await seen("src/bot/poll/index.ts");
});

it("does not report what editors keep beside a file", async () => {
  const { path, saved, seen } = createProject();
  for (const name of [".ping.ts.swp", "ping.ts~", "4913", "sedKw3Yb1", "#ping.ts#"])
    writeFileSync(path(`src/bot/${name}`), "");
  writeFileSync(path("package.json"), "{}");
  writeFileSync(path("src/bot/last.ts"), "1");
  await expect.poll(() => [...saved]).toEqual(["src/bot/last.ts"]);
  await seen("src/bot/last.ts");
});
