import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { buildId } from "../../../../local/deployment/build-id.ts";

function createProject(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sandpiper-build-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "src/bot"), { recursive: true });
  writeFileSync(join(folder, "src/bot/ping.ts"), source);
  writeFileSync(join(folder, "wrangler.toml"), 'name = "bot"\n');
  return folder;
}

it("names what is deployed, whatever the line endings and whatever else is in the folder", () => {
  const project = createProject("a\nb\n");
  const id = buildId(project);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(buildId(createProject("a\r\nb\r\n"))).toBe(id);
  writeFileSync(join(project, "README.md"), "new");
  writeFileSync(join(project, "src/notes.txt"), "new");
  expect(buildId(project)).toBe(id);
});

it("changes with a source file, with its name, and with wrangler.toml", () => {
  const ids = new Set([buildId(createProject("a\n")), buildId(createProject("b\n"))]);
  const renamed = createProject("a\n");
  cpSync(join(renamed, "src/bot/ping.ts"), join(renamed, "src/bot/pong.ts"));
  rmSync(join(renamed, "src/bot/ping.ts"));
  const renamedToml = createProject("a\n");
  writeFileSync(join(renamedToml, "wrangler.toml"), 'name = "other"\n');
  for (const project of [renamed, renamedToml]) ids.add(buildId(project));
  expect(ids.size).toBe(4);
});
