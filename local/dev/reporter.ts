import { styleText } from "node:util";
import type { LoopOptions } from "./loop.ts";
import { sentenceOf } from "./mistake.ts";

/** Says in the terminal what saving did: one line for a Worker that answers, one for a mistake. */
export function createReporter(print: (line: string) => void): Pick<LoopOptions, "onLive" | "onMistake"> {
  let isLive = false;
  let isMended = false;

  return {
    onMistake(mistake) {
      isMended = mistake === null;
      if (!mistake) return;
      const rest = isLive ? "The Worker before it goes on answering" : "The Worker starts when it is mended";
      print(`${styleText("red", `mistake ${sentenceOf(mistake)}`)} ${styleText("dim", `${rest}; save to try again.`)}`);
    },
    onLive({ saved, changes, ms }) {
      const isFirst = !isLive;
      isLive = true;
      // The first start is announced with its addresses.
      if (isFirst && !isMended) return;
      const what = saved.length === 0 ? "started again" : listed(saved);
      const commands = changes.length > 0 && !isFirst ? ` Commands: ${changes.join(", ")}.` : "";
      const line = `${what}: live after ${(ms / 1_000).toFixed(1)} s.${commands}`;
      print(isMended ? styleText("green", `mended  ${line}`) : `saved   ${line}`);
      isMended = false;
    },
  };
}

// --- Internal helpers ---

function listed([first = "", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first} and ${others.length === 1 ? others[0] : `${others.length} other files`}`;
}
