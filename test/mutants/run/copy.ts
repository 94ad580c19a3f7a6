import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Built, installed, or a person's own. */
const left = ["node_modules", "dist", ".git", ".wrangler", ".dev.vars", ".env"];

/** Copies the working tree to a temporary folder, with the same packages: faults never reach the developer's files. */
export function copyTree(root: string): { folder: string; remove(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sandpiper-mutants-")));
  for (const name of readdirSync(root).filter((one) => !left.includes(one))) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(realpathSync(join(root, "node_modules")), join(folder, "node_modules"), "junction");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
