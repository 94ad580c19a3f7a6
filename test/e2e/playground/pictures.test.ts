import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { chromiumPath } from "./browser.ts";

const root = join(import.meta.dirname, "../../..");

describe.skipIf(chromiumPath === undefined)("npm run pictures", () => {
  it("makes the pictures of the README, each as large as a window and small enough for a page", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pictures-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await promisify(execFile)(process.execPath, ["local/pictures.ts", "--folder", folder], { cwd: root });
    const names = readdirSync(folder);
    expect(names).toEqual(["dashboard.png", "playground-setup.png", "playground.png"]);
    expect(names).toEqual(readdirSync(join(root, "docs/pictures")).filter((name) => name.endsWith(".png")));
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      // A PNG says its width and height in its first chunk.
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1280, expect.any(Number)]);
      expect(bytes.length).toBeGreaterThan(20_000);
      expect(bytes.length).toBeLessThan(200_000);
    }
  });
});
