/** A mistake in the project, as a person reads it. */
export interface Mistake {
  /** The kind of mistake: `The Worker cannot be built`. */
  title: string;
  /** One sentence. */
  text: string;
  /** `src/bot/ping.ts:8:3`, where it is known; lines and columns count from 1. */
  file?: string;
}

export const titles = {
  build: "The Worker cannot be built",
  settings: "The settings cannot be read",
  start: "The Worker cannot start",
  commands: "The commands cannot be registered",
} as const;

/** Makes a mistake out of an error's message: its first line, with a full stop. */
export function createMistake(title: string, message: string, file?: string): Mistake {
  const [first = "", ...others] = message.trim().split("\n").filter(Boolean);
  const more = others.length === 0 ? "" : ` (And ${others.length} more.)`;
  const text = `${/[.?!:]$/.test(first) ? first.replace(/:$/, ".") : `${first}.`}${more}`;
  return file === undefined ? { title, text } : { title, text, file };
}

/** `src/bot/ping.ts:8:3: Expected "}" but found "handlers".` */
export const sentenceOf = ({ title, text, file }: Mistake): string => `${file ?? title}: ${text}`;
