import type { ReadStream } from "node:tty";
import { UsageError } from "../command-line.ts";
import type { Ask } from "./step.ts";

export interface Terminal {
  input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "resume" | "pause">;
  output: { write(text: string): unknown };
}

/** Ctrl-C at a question. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

const keys = { enter: /[\r\n]/, interrupt: "\x03", end: "\x04", erase: ["\b", "\x7f"] };

/** What arrow keys and marked pastes send besides text. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const escapes = /\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Z])/g;

/** Makes the function that asks in a terminal. The answer is not shown: a dot appears for each character. */
export const createAsk =
  ({ input, output }: Terminal): Ask =>
  (question, variable) => {
    if (!input.isTTY) {
      throw new UsageError(`${variable} is missing. Without a terminal to ask in, it is read from the environment.`);
    }
    return new Promise((resolve, reject) => {
      let typed = "";
      output.write(`  ${question}: `);

      function end(settle: () => void): void {
        input.off("data", take);
        input.setRawMode(false);
        input.pause();
        output.write("\n");
        settle();
      }

      function take(chunk: Buffer): void {
        for (const character of chunk.toString().replaceAll(escapes, "")) {
          if (character === keys.interrupt || character === keys.end) {
            return end(() =>
              reject(new InterruptedError("Stopped. Run npm run setup again: it goes on where it stopped.")),
            );
          }
          if (keys.enter.test(character)) return end(() => resolve(typed));
          if (keys.erase.includes(character)) {
            if (typed !== "") output.write("\b \b");
            typed = typed.slice(0, -1);
          } else if (character >= " ") {
            typed += character;
            output.write("•");
          }
        }
      }

      input.setRawMode(true);
      input.on("data", take);
      input.resume();
    });
  };

/** Returns what a person meant to paste: the value alone, of a line such as `NAME="value"`. */
export function pasted(text: string): string {
  const value = /^\s*(?:export\s+)?(?:DISCORD|UPSTASH)_[A-Z_]+=(.*)$/s.exec(text)?.[1] ?? text;
  return value
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}
