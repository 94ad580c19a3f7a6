import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folders = ["src"];
const files = ["package-lock.json", "wrangler.toml"];

/**
 * Returns 12 hex digits that name what a deployment of this checkout consists of. Line endings make no difference, nor what
 * is not deployed. A deployment carries it as its tag.
 */
export function buildId(root: string): string {
  const hash = createHash("sha256");
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  for (const path of [...paths.filter((path) => /\.tsx?$|\.json$/.test(path)), ...files].toSorted()) {
    if (!existsSync(join(root, path))) continue;
    const text = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${path.replaceAll("\\", "/")}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 12);
}
