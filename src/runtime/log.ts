import { reasonOf } from "../platform/index.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON line per event, for `wrangler tail` and Workers Logs. Fields are never secrets, tokens or message content. */
export type Log = (level: LogLevel, event: string, fields?: Record<string, unknown>) => void;

/** Returns a log that drops what is below `threshold`. */
export function createLog(threshold: LogLevel): Log {
  const least = logLevels.indexOf(threshold);
  return (level, event, fields) => {
    if (logLevels.indexOf(level) < least) return;
    // oxlint-disable-next-line no-console -- the console is where a Worker's logs go
    console[level](JSON.stringify({ level, event, ...fields }));
  };
}

/** An error as fields of a log line; the stack stays in the log and never reaches an answer. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: reasonOf(error) };
  return { error: error.message, name: error.name, stack: error.stack };
}

/** Logs an error where no configuration, and so no threshold, is at hand. */
export const logError = (event: string, fields?: Record<string, unknown>): void =>
  createLog("error")("error", event, fields);
