import { styleText } from "node:util";
import type { Transcript } from "../discord/index.ts";
import type { MarkdownOptions } from "../render/markdown.ts";
import { renderMessage, type ShownMessage } from "../render/message.ts";
import { firstLabel, renderModal } from "../render/modal.ts";

/** Returns what the person sees, then what Discord objects to, then the HTTP status and the time. */
export function showTranscript(
  { answer, messages, problems, status, ms }: Transcript,
  options: MarkdownOptions,
): string {
  return [
    ...messages.map((message) => renderMessage(message as ShownMessage, options)),
    ...showAnswer(answer, messages.length > 0, options),
    ...problems.map((problem) => styleText("yellow", `  ${problem}`)),
    styleText("dim", `HTTP ${status} in ${ms} ms`),
  ].join("\n");
}

// --- Internal helpers ---

/** Returns the lines for an answer that is not a message. */
function showAnswer(answer: Transcript["answer"], hasMessages: boolean, options: MarkdownOptions): string[] {
  const note = (text: string) => [styleText("dim", text)];
  switch (answer.kind) {
    case "none":
      return [styleText("red", "The application did not respond")];
    case "pong":
      return ["PONG"];
    case "message":
      return [];
    case "deferred":
      return note("sandpiper is thinking…");
    case "acknowledged":
      return hasMessages ? [] : note("(acknowledged; nothing to see yet)");
    case "choices":
      if (answer.choices.length === 0) return note("No options match your search.");
      return answer.choices.map(({ name, value }) => `${name}  ${styleText("dim", String(value))}`);
    case "modal":
      return [
        renderModal(answer.modal, options),
        ...note(`Fill it in with: npm run send -- --submit '${firstLabel(answer.modal) ?? "Field"}=text'`),
      ];
    case "activity":
      return note("(the activity opens)");
  }
}
