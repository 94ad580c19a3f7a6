import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { chromiumPath } from "./browser.ts";

const root = join(import.meta.dirname, "../../..");

describe.skipIf(chromiumPath === undefined)("npm run pictures", () => {
  it("makes the pictures of the README, each small, and the same ones again", async () => {
    const runs = [0, 1].map(() => mkdtempSync(join(tmpdir(), "pictures-")));
    onTestFinished(() => {
      for (const folder of runs) rmSync(folder, { recursive: true });
    });
    for (const folder of runs)
      await promisify(execFile)(process.execPath, ["local/pictures.ts", "--folder", folder], { cwd: root });
    const [first, second] = runs.map((folder) =>
      readdirSync(folder).map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
    );
    const names = first?.map(([name]) => name);
    expect(names).toEqual(["dashboard.png", "playground-setup.png", "playground.png"]);
    expect(names).toEqual(readdirSync(join(root, "docs/pictures")).filter((name) => name.endsWith(".png")));
    expect(second).toEqual(first);
  });
});
