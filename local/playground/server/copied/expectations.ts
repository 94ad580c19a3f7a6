import { stripVTControlCharacters } from "node:util";
import type { APIMessage } from "discord-api-types/v10";
import { isShownTo, type Simulator } from "../../../discord/index.ts";
import { renderMessage, type ShownMessage } from "../../../render/message.ts";
import type { Step } from "./chain.ts";
import { partsIn, textIn } from "./choices.ts";

/** Returns the lines of a test that run `call` and expect of it what the step gave, as far as it is the same every time. */
export function expectationsOf(simulator: Simulator, step: Step, call: string): string[] {
  const { exchange, record } = step;
  const { answer } = record;
  if (answer.kind === "none" || exchange.view.problems.length > 0) {
    return [`await expect(${call}).rejects.toThrow("The application did not respond");`];
  }
  if (answer.kind === "choices") {
    const [first] = answer.choices;
    const matcher = first ? `toContain(${JSON.stringify(first.name)})` : "toEqual([])";
    return [`expect(await ${call}).${matcher};`];
  }
  const run = `const shown = await ${call};`;
  if (answer.kind === "modal") {
    const fields = partsIn(answer.modal).flatMap(({ type, label }) =>
      (type === 18 || type === 4) && typeof label === "string" ? [label] : [],
    );
    return [run, `expect(shown.form).toEqual(${JSON.stringify({ title: answer.modal["title"], fields })});`];
  }
  const messages = messagesOf(simulator, step);
  const last = messages.at(-1);
  if (!last) return [run, `expect(shown.raw.answer.kind).toBe(${JSON.stringify(answer.kind)});`];
  const piece = stablePiece(messages);
  const buttons = partsIn(last.components).flatMap(({ type, label, disabled }) =>
    type === 2 && !disabled ? [textIn(label) ?? ""] : [],
  );
  return [
    run,
    ...(piece === undefined ? [] : [`expect(shown.text).toContain(${JSON.stringify(piece)});`]),
    `expect(shown.isEphemeral).toBe(${((last.flags ?? 0) & 64) !== 0});`,
    ...(/\d/.test(buttons.join("")) ? [] : [`expect(shown.buttons).toEqual(${JSON.stringify(buttons)});`]),
  ];
}

// --- Internal helpers ---

/** Returns the messages of the answer: the original as the answer left it, which later clicks may have changed. */
function messagesOf({ message, world }: Simulator, { record }: Step): APIMessage[] {
  const { answer, followUps, userId } = record;
  const original = answer.kind === "message" ? [answer.message] : [];
  const all = [...original, ...followUps.flatMap((id) => message(id) ?? [])];
  return all.filter((one) => isShownTo(world, userId, one));
}

/** Returns the longest run of words without numbers, names and times, which another run of the test may change. */
function stablePiece(messages: readonly APIMessage[]): string | undefined {
  const shown = messages
    .map((message) => stripVTControlCharacters(renderMessage(message as ShownMessage, { names: {}, now: Date.now() })))
    .join("\n");
  const texts = messages.flatMap(({ content, embeds, components }) => [
    content,
    ...embeds.flatMap(({ title, description, fields = [] }) => [
      title,
      description,
      ...fields.flatMap(({ name, value }) => [name, value]),
    ]),
    ...partsIn(components).map((part) => part["content"]),
  ]);
  return texts
    .filter((text) => typeof text === "string")
    .flatMap((text) => text.replaceAll(/<[^>\n]{1,100}>|https?:\S+/g, "\n").split(/[^\p{L}\p{Zs}.,;!?'’]+/u))
    .map((piece) => piece.trim())
    .filter((piece) => /\p{L}{3}/u.test(piece) && shown.includes(piece))
    .toSorted((a, b) => b.length - a.length)[0];
}
