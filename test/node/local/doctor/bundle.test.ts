import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { runWrangler } from "../../../../local/deployment/wrangler.ts";
import { bundle } from "../../../../local/doctor/bundle.ts";
import { createFolder } from "../deployment/support.ts";
import { factsOf } from "./support.ts";

vi.mock("../../../../local/deployment/wrangler.ts", () => ({ runWrangler: vi.fn() }));

// Of a kind that is packed smaller at each level.
const source = Array.from({ length: 6_000 }, (_, at) => `f${(at * 7_919) % 1_009}(${(at * at) % 8_191});`).join("\n");
const bytes = gzipSync(source, { level: 9 }).length;
const size = `${(bytes / 1_000).toFixed(1)} kB`;

/** Looks at a bundle that wrangler makes, in a checkout that allows so many bytes. */
async function look(maxGzipBytes: number, { code = 0, output = "" } = {}) {
  const root = createFolder();
  writeFileSync(join(root, "package.json"), JSON.stringify({ bundle: { maxGzipBytes } }));
  const folders: string[] = [];
  vi.mocked(runWrangler).mockImplementation(async (at, [command, dryRun, option, folder = ""]) => {
    expect([at, command, dryRun, option]).toEqual([root, "deploy", "--dry-run", "--outdir"]);
    folders.push(folder);
    writeFileSync(join(folder, "worker.js"), source);
    return { code, output };
  });
  const finding = await bundle.run(factsOf({ root }));
  // It leaves nothing behind.
  expect(folders.map((folder) => existsSync(folder))).toEqual([false]);
  return finding;
}

it("takes a bundle that is as large as package.json allows, and none that is larger", async () => {
  expect(await look(bytes)).toEqual({ is: "right", text: `${size} packed, of the ${size} that package.json allows` });
  expect(await look(130_000)).toMatchObject({ is: "right", text: expect.stringContaining("of the 130.0 kB that") });
  expect(await look(bytes - 1)).toMatchObject({ is: "wrong", cure: "npm run build says what is in it" });
});

it("says why there is no bundle", async () => {
  const cure = "npm run check";
  expect(await look(bytes, { code: 1, output: "a\nX [ERROR] No such file\nb" })).toEqual({
    is: "wrong",
    text: "it cannot be built: X [ERROR] No such file",
    cure,
  });
  expect(await look(bytes, { code: 3, output: "a" })).toEqual({
    is: "wrong",
    text: "it cannot be built: wrangler ended with 3",
    cure,
  });
});
