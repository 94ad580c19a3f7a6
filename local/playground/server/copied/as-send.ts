import type { Simulator } from "../../../discord/index.ts";
import type { Exchange } from "../exchanges.ts";
import { lineOf } from "../line.ts";
import { labelOf } from "../titles.ts";
import type { Step } from "./chain.ts";
import { chosenIn, enteredIn } from "./choices.ts";
import { channelName, personName } from "./names.ts";

/**
 * Returns the line for the terminal that does the same once more: `npm run send -- '/ping' --as linus`. Returns `undefined`
 * for what `npm run send` cannot do: files, and lists in forms.
 */
export function asSend(
  { world }: Simulator,
  { view, payload }: Exchange,
  parent: Step | undefined,
): string | undefined {
  const words = wordsOf();
  if (!words) return undefined;
  const person = personName(world, view.person?.id);
  const channel = channelName(world, view.channelId);
  const where = [...(person === "ada" ? [] : ["--as", person]), ...(channel === "#general" ? [] : ["--in", channel])];
  return ["npm run send --", ...[...words, ...where].map(quote)].join(" ");

  function wordsOf(): string[] | undefined {
    const { data = {}, message } = payload;
    const on = ["--on", message?.id ?? ""];
    if (view.kind === "autocomplete") return [lineOf(payload, world), "--complete"];
    if (view.kind === "component") {
      if (data.component_type === 2) return ["--click", labelOf(payload), ...on];
      const { values, menu } = chosenIn(payload);
      if (menu !== undefined || values.some((value) => value.includes(","))) return undefined;
      return ["--select", values.join(","), ...on];
    }
    if (view.kind === "form") {
      const modal = parent?.record.answer.kind === "modal" ? parent.record.answer.modal : undefined;
      const entries = enteredIn(payload, modal);
      if (entries.some(({ value, files }) => files !== undefined || Array.isArray(value) || value === null))
        return undefined;
      return entries.flatMap(({ customId, value }) => [
        "--submit",
        `${customId}=${String(value).replaceAll("\n", String.raw`\n`)}`,
      ]);
    }
    if (view.kind !== "command") return undefined;
    if (data.type === 2) return ["--user-command", data.name ?? "", "--target", personName(world, data.target_id)];
    if (data.type === 3) return ["--message-command", data.name ?? "", "--on", data.target_id ?? ""];
    const hasFiles = data.resolved?.attachments !== undefined;
    return hasFiles || data.type === 4 ? undefined : [lineOf(payload, world)];
  }
}

// --- Internal helpers ---

/** In single quotes a shell changes nothing. */
const quote = (word: string): string =>
  /^[\w#@.=-]+$/.test(word) && !word.startsWith("#") ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
