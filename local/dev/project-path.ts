import paths, { type PlatformPath } from "node:path";
import { pathToFileURL } from "node:url";

// Files of the project are named as in an import, on Windows too: `src/bot/ping.ts`.

/** Returns the name of a file in the project. */
export const projectPath = (root: string, file: string, { relative, sep } = paths as Paths): string =>
  relative(root, file).replaceAll(sep, "/");

/** Returns the places in `src/` that a stack names by their URLs, innermost first: `src/bot/ping.ts:8:3`. */
export function placesIn(stack: string, root: string, windows = process.platform === "win32"): string[] {
  const { href } = pathToFileURL(root, { windows });
  const sources = `${decodeURI(href).replace(/\/$/, "")}/`;
  return [...stack.matchAll(/(file:\/\/[^\s)]+:\d+:\d+)/g)]
    .map(([, place = ""]) => decodeURI(place))
    .filter((place) => place.startsWith(`${sources}src/`))
    .map((place) => place.slice(sources.length));
}

// --- Internal helpers ---

type Paths = Pick<PlatformPath, "relative" | "sep">;
