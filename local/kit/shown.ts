import { stripVTControlCharacters } from "node:util";
import type { Entered, From, Simulator, Transcript } from "../discord/index.ts";
import { renderMessage, type ShownMessage } from "../render/message.ts";
import { problemsOfCallback } from "./discord-api-spec/spec.ts";

/** What a person sees after they did something, and what they can do with it. */
export interface Shown {
  /** The message in answer, or the last that was sent. */
  readonly id: string;
  /** Everything there is to read: texts, embeds, buttons, files. */
  readonly text: string;
  /** Nobody else sees it. */
  readonly isEphemeral: boolean;
  /** The labels of the buttons that can be clicked. */
  readonly buttons: readonly string[];
  /** The form that opened, with the labels of its fields. */
  readonly form: { title: string; fields: readonly string[] } | undefined;
  readonly files: readonly { name: string; text(): Promise<string> }[];
  /** The answer as Discord got it. */
  readonly raw: Transcript;
  click(label: string): Promise<Shown>;
  /** Chooses in the only menu, or in the one with this placeholder or custom_id. */
  select(values: string | readonly string[], menu?: string): Promise<Shown>;
  /** Fills in the form that opened, by labels or custom_ids. */
  submit(entered: Entered): Promise<Shown>;
  /** What is there after the next change, for answers that take their time. */
  later(): Promise<Shown>;
  /** What somebody else makes of it. */
  as(user: string): Shown;
}

const ephemeral = 64;

export function show(discord: Simulator, from: From, transcript: Transcript): Shown {
  const { answer, messages, problems, interaction } = transcript;
  if (problems.length > 0) throw new Error(`Discord shows "The application did not respond".\n${problems.join("\n")}`);
  const against = typeof transcript.body === "object" ? problemsOfCallback(transcript.body) : [];
  if (against.length > 0) throw new Error(`Discord's API description says against the answer:\n${against.join("\n")}`);
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
    select: async (values, menu) => next(discord.select(id(), await which(menu), [values].flat(), from)),
    submit: (entered) => next(discord.submit(interaction.token, entered, { ...from })),
    later: () => next(discord.later(interaction.token)),
    as: (user) => show(discord, { ...from, user }, transcript),
  };

  async function which(menu: string | undefined) {
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
  style?: number;
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
