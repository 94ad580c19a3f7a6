import { stripVTControlCharacters } from "node:util";

// Compares what a page says that a command prints with what it prints. In the page, a line `…` stands for any lines, and `…` within a
// line for any characters. What differs each time is masked in both.

/** Returns undefined when the real output is as the page says, and both texts, masked, when not. */
export function differenceOf(said: string, real: string): { said: string; real: string } | undefined {
  const texts = { said: masked(said), real: masked(real) };
  return patternOf(texts.said).test(`${texts.real}\n`) ? undefined : texts;
}

// --- Internal helpers ---

/** Durations, ids and tokens. */
const masks: readonly [RegExp, string][] = [
  [/\b\d+(?:\.\d+)? (ms|s|second|minute)s?\b/g, "# $1"],
  [/\b(woke up) (?:now|# \w+ ago)/g, "$1 some time ago"],
  [/\bIsolate \w{8}\b/g, "Isolate ########"],
  [/\b\d{17,20}\b/g, "<id>"],
  [/\b\d{13}-\d+\b/g, "<stream id>"],
  [/(token) [\w-]{24}(?![\w-])/g, "$1 …"],
];

function masked(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.trimEnd());
  return masks.reduce((masked, [pattern, mask]) => masked.replaceAll(pattern, mask), lines.join("\n").trim());
}

function patternOf(said: string): RegExp {
  const lines = said.split("\n").map((line) =>
    line.trim() === "…"
      ? "(?:.*\n)*?"
      : `${line
          .split("…")
          .map((part) => RegExp.escape(part))
          .join(".*")}\n`,
  );
  return new RegExp(`^${lines.join("")}$`);
}
