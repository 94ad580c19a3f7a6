import { stripVTControlCharacters } from "node:util";

/** A line that the Worker printed. */
export interface LogLine {
  /** The exchange that the line is marked with. */
  exchange: string | undefined;
  level: string;
  text: string;
}

/** The mark that the local entry point puts before what an invocation prints. */
const mark = /⟦([\w-]{1,64})⟧ ?/;
/** A line of wrangler, or of the server in front of the Worker: `POST /interactions 200 in 12 ms`. */
const notTheWorkers = /^(\[wrangler:|[A-Z]+ \/\S* \d{3}\b)/;
/** The lines of one text come together. */
const togetherMs = 50;

/**
 * Returns a function that reads a line of wrangler's output: the line without its mark, and the Worker's line in it. The
 * further lines of a text with line breaks belong to its first. `line` is absent for a line that the Worker did not print.
 */
export function createLogReader(now: () => number = Date.now) {
  let last: { exchange: string; level: string; at: number } | undefined;

  return function read(raw: string): { shown: string; line?: LogLine } {
    const text = stripVTControlCharacters(raw);
    const exchange = mark.exec(text)?.[1];
    if (exchange === undefined) {
      const isFurther = last && now() - last.at < togetherMs && text.trim() !== "" && !notTheWorkers.test(text);
      if (!last || !isFurther) return { shown: raw };
      last.at = now();
      return { shown: raw, line: { exchange: last.exchange, level: last.level, text } };
    }
    const own = text.slice(text.search(mark)).replace(mark, "");
    const level = levelOf(own) ?? (/^\W*\[?(ERROR|WARNING)\b/.exec(text)?.[1] === "ERROR" ? "error" : "log");
    last = { exchange, level, at: now() };
    return { shown: raw.replace(mark, ""), line: { exchange, level, text: own } };
  };
}

// --- Internal helpers ---

/** The bot's own log is JSON that says its level. */
const levelOf = (text: string): string | undefined => /^\{"level":"(debug|info|warn|error)"/.exec(text)?.[1];
