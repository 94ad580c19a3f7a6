import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";

/** Returns the text with each place in the bundle replaced by its place in the project: `src/bot/ping.ts:8:3`. */
export type Traces = (text: string) => string;

/** Reads the source map of a bundle. Without one, texts stay as they are. */
export function createTraces(bundlePath: string, mapPath: string | undefined, root: string): Traces {
  if (mapPath === undefined) return (text) => text;
  const map = new SourceMap(JSON.parse(readFileSync(mapPath, "utf8")));
  const place = new RegExp(`[^\\s("]*${RegExp.escape(basename(bundlePath))}:(\\d+):(\\d+)`, "g");
  return (text) =>
    text.replace(place, (whole, line: string, column: string) => {
      const origin = map.findOrigin(Number(line), Number(column));
      if (!("fileName" in origin)) return whole;
      const file = relative(root, resolve(dirname(mapPath), origin.fileName)).replace(/^.*\/(?=node_modules\/)/, "");
      return `${file}:${origin.lineNumber}:${origin.columnNumber}`;
    });
}
