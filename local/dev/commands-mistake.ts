import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { findDeclaration } from "./find-declaration.ts";
import { createMistake, type Mistake, titles } from "./mistake.ts";
import { placesIn, projectPath } from "./project-path.ts";

// Why the commands could not be read, as mistakes.

interface Thrown {
  name: string;
  message: string;
  stack: string;
  code?: string;
}

/** The runtime refuses declarations on behalf of the feature that calls it. */
const isRefusing = (file: string): boolean => /^src\/(?:discord|runtime|wizard)\//.test(file);

/** The list of features is where every declaration is asked for, not where it is written. */
const isList = (file: string): boolean => file.startsWith("src/bot/features.ts:");
const isFeature = (file: string): boolean => file.startsWith("src/bot/") && !isList(file);

export function commandsMistake(
  { name, message, stack, code }: Thrown,
  root: string,
  saved: readonly string[],
): { mistake: Mistake; isOfCode: boolean } {
  const places = placesIn(stack, root);
  if (name === "DeclarationError") {
    const file = places.find((frame) => !isRefusing(frame) && !isList(frame));
    const mistake = createMistake(titles.commands, message, file ?? findDeclaration(root, message, saved));
    return { mistake, isOfCode: true };
  }
  const [, missing = "", importer] = /['"]([^'"]+)['"].* imported from (\S+)$/m.exec(message) ?? [];
  // A part that refuses an argument throws inside itself: the feature that called it is where the mistake is.
  const thrownAt = places.find(isFeature) ?? places[0];
  const file = importer === undefined ? thrownAt : placeOfImport(importer, missing, root);
  const sentence = message.replaceAll(`${root}/`, "");
  return {
    mistake: createMistake(titles.start, ["Error", ""].includes(name) ? sentence : `${name}: ${sentence}`, file),
    // A module that cannot be found or read is a matter of the build, which says more.
    isOfCode: code === undefined && !["SyntaxError", ""].includes(name),
  };
}

export function endlessMistake(stack: string, root: string): Mistake {
  return createMistake(
    titles.start,
    "This code does not end, so that the Worker never starts",
    placesIn(stack, root)[0],
  );
}

/** Node warns of a top-level await at the end of a process; other ends leave no trace of their place. */
export function unsettledMistake(warnings: string, root: string): Mistake {
  const [, place, line] = /unsettled top-level await at (file:\S+):(\d+)/.exec(warnings) ?? [];
  if (place === undefined) return createMistake(titles.start, "The process that reads the commands ended early");
  const file = placesIn(`${place}:${line}:0`, root)[0]?.replace(/:0$/, "");
  return createMistake(titles.start, "This top-level await waits for ever, so that the Worker never starts", file);
}

// --- Internal helpers ---

/** Node names the file that imports, and the file or package that it does not find. */
function placeOfImport(importer: string, missing: string, root: string): string {
  const before = readFileSync(importer, "utf8").split(`${basename(missing)}"`, 1)[0] ?? "";
  return `${projectPath(root, importer)}:${before.split("\n").length}`;
}
