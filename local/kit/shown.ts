import { stripVTControlCharacters } from "node:util";
import type { Entered, From, Simulator, Transcript } from "../discord/index.ts";
import { renderMessage, type ShownMessage } from "../render/message.ts";
import { problemsOfCallback } from "./discord-api-spec/spec.ts";

/** The view of a person after an action, and the actions it offers. Each action resolves with the view after it. */
export interface Shown {
  /** The ID of the last message. Throws when the answer shows none. */
  readonly id: string;
  /** The visible text of all messages of the answer: content, embeds, components, file names. Mentions show IDs. */
  readonly text: string;
  /** Whether only the person who acted sees the last message. */
  readonly isEphemeral: boolean;
  /** The labels of the last message's enabled buttons. */
  readonly buttons: readonly string[];
  /** The form that opened, with the labels of its fields; `undefined` when none did. */
  readonly form: { title: string; fields: readonly string[] } | undefined;
  /** The attached files of all messages of the answer. */
  readonly files: readonly { name: string; text(): Promise<string> }[];
  /** The interaction, the Worker's answer as JSON, and the messages as Discord's API shapes them. */
  readonly raw: Transcript;
  /**
   * Clicks the button with this label.
   *
   * @example
   * const voted = await poll.click("Pizza");
   */
  click(label: string): Promise<Shown>;
  /**
   * Chooses in a menu, by labels, values, names or IDs; `[]` chooses nothing.
   *
   * @param menu The placeholder or custom_id. Default: the message's only menu.
   * @example
   * await panel.select(["Red", "Blue"], "Colours");
   */
  select(values: string | readonly string[], menu?: string): Promise<Shown>;
  /**
   * Submits the form that opened, its fields by label or custom_id. A field left out keeps the text or choice shown in
   * it, `null` empties it.
   *
   * @example
   * await form.submit({ Question: "Lunch?", Answers: "Pizza\nSushi", "Several answers": true });
   */
  submit(entered: Entered): Promise<Shown>;
  /**
   * Waits for the next change of the answer, at most ten seconds. For handlers that answer late or follow up.
   *
   * @example
   * let shown = await sim.command("/report");
   * while (!shown.text.includes("done")) shown = await shown.later();
   */
  later(): Promise<Shown>;
  /**
   * Returns the same messages for another person, to act on them.
   *
   * @example
   * await poll.as("robin").click("Pizza");
   */
  as(user: string): Shown;
}

const ephemeral = 64;

/** Returns what the person sees. Throws when Discord would refuse the answer. */
export function show(discord: Simulator, from: From, transcript: Transcript): Shown {
  const { answer, messages, problems, interaction } = transcript;
  if (problems.length > 0) throw new Error(`Discord shows "The application did not respond".\n${problems.join("\n")}`);
  const mismatches = typeof transcript.body === "object" ? problemsOfCallback(transcript.body) : [];
  if (mismatches.length > 0)
    throw new Error(`The answer does not match Discord's API description.\n${mismatches.join("\n")}`);
  const last = messages.at(-1);
  const modal = answer.kind === "modal" ? answer.modal : undefined;
  const next = async (transcript: Promise<Transcript>) => show(discord, from, await transcript);
  const id = (): string => {
    if (!last) throw new Error(`There is no message to act on: the answer is "${answer.kind}".`);
    return last.id;
  };
  return {
    get id() {
      return id();
    },
    text: messages.map((message) => plain(message as ShownMessage)).join("\n"),
    isEphemeral: last !== undefined && (Number(last.flags) & ephemeral) !== 0,
    buttons: last ? buttonsOf(last.components) : [],
    form: modal && { title: String(modal["title"]), fields: labelsOf(modal["components"]) },
    files: messages.flatMap(({ attachments }) =>
      attachments.map(({ filename, url }) => ({ name: filename, text: async () => (await fetch(url)).text() })),
    ),
    raw: transcript,
    click: async (label) => next(discord.click(id(), { label }, from)),
    select: async (values, menu) => next(discord.select(id(), which(menu), [values].flat(), from)),
    submit: (entered) => next(discord.submit(interaction.token, entered, { ...from })),
    later: () => next(discord.later(interaction.token)),
    as: (user) => show(discord, { ...from, user }, transcript),
  };

  function which(menu: string | undefined) {
    if (menu === undefined) return {};
    return JSON.stringify(last).includes(`"placeholder":${JSON.stringify(menu)}`)
      ? { placeholder: menu }
      : { customId: menu };
  }
}

// --- Internal helpers ---

const plain = (message: ShownMessage): string =>
  stripVTControlCharacters(renderMessage(message, { names: {}, now: Date.now() }));

interface Part {
  type?: number;
  label?: string;
  disabled?: boolean;
  components?: unknown[];
  accessory?: unknown;
}

function buttonsOf(parts: unknown): string[] {
  return ((parts ?? []) as Part[]).flatMap(({ type, label = "", disabled, components, accessory }) =>
    type === 2 ? (disabled ? [] : [label]) : buttonsOf([...(components ?? []), ...(accessory ? [accessory] : [])]),
  );
}

const labelsOf = (rows: unknown): string[] =>
  (rows as Part[]).flatMap(({ label, components }) =>
    label === undefined ? (components ? labelsOf(components) : []) : [label],
  );
