import type { GivenOption, OptionValue } from "../../protocol.ts";
import type { Files } from "../client/api.ts";
import type { Leaf, ValueOption } from "./leaves.ts";

/** The unsent text of a channel, or a command with its options. */
export interface Draft {
  text: string;
  command?: CommandDraft;
}

export interface CommandDraft {
  leaf: Leaf;
  /** The optional options that are shown. */
  added: readonly string[];
  entries: Readonly<Record<string, Entry>>;
}

/** An entered option: the text as it is shown, and the value where the two differ. */
export interface Entry {
  text: string;
  value?: OptionValue;
  file?: File;
}

export const emptyDraft: Draft = { text: "" };

export const draftOf = (leaf: Leaf): CommandDraft => ({ leaf, added: [], entries: {} });

export const optionType = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
} as const;

/** Returns the options with an input: required ones, and optional ones that were added. */
export const shownOptions = ({ leaf, added }: CommandDraft): ValueOption[] =>
  leaf.options.filter(({ name, required }) => required || added.includes(name));

export const hasAutocomplete = (option: ValueOption): boolean =>
  "autocomplete" in option && (option.autocomplete ?? false);

/** Returns the draft as the ↑ key brings it back: Discord leaves out the values of autocompleted options. */
export function recalled(draft: CommandDraft): CommandDraft {
  const names = draft.leaf.options.filter((option) => !hasAutocomplete(option)).map(({ name }) => name);
  const entries = Object.entries(draft.entries).filter(([name, { file }]) => names.includes(name) && !file);
  return { ...draft, entries: Object.fromEntries(entries) };
}

/** Returns the sentence with which Discord's client refuses an entry, if it does. */
export function refusalOf(option: ValueOption, entry: Entry | undefined): string | undefined {
  const text = entry?.text ?? "";
  if (text === "" && !entry?.file) return option.required ? "This option is required. Specify a value." : undefined;
  if (option.type === optionType.integer || option.type === optionType.number) {
    if ((option.choices || hasAutocomplete(option)) && entry?.value !== undefined) return undefined;
    const number = Number(text);
    if (!Number.isFinite(number) || text.trim() === "") return "Enter a valid number.";
    if (option.type === optionType.integer && !Number.isInteger(number)) return "Enter a whole number.";
    if ("min_value" in option && option.min_value !== undefined && number < option.min_value)
      return `Enter a number of at least ${option.min_value}.`;
    if ("max_value" in option && option.max_value !== undefined && number > option.max_value)
      return `Enter a number of at most ${option.max_value}.`;
    return undefined;
  }
  if (option.type !== optionType.string || option.choices)
    return entry?.value === undefined && !entry?.file ? "Choose one of the list." : undefined;
  const { min_length: min = 0, max_length: max = 6_000 } = option;
  if (text.length < min) return `Enter at least ${min} characters.`;
  return text.length > max ? `Enter at most ${max} characters.` : undefined;
}

/** Returns the entered options as the Worker receives them, and the files to which they refer. */
export function givenOf(draft: CommandDraft, focused?: string): { options: GivenOption[]; files: Files } {
  const files: Record<string, File> = {};
  const options = shownOptions(draft).flatMap((option): GivenOption[] => {
    const { name, type } = option;
    const entry = draft.entries[name];
    const focus = name === focused ? { focused: true } : {};
    if (entry?.file) {
      files[name] = entry.file;
      return [{ name, type, value: name }];
    }
    if (!entry || (entry.text === "" && name !== focused))
      return focused === name ? [{ name, type, value: "", ...focus }] : [];
    const isNumber = type === optionType.integer || type === optionType.number;
    // While an option is being typed, its value is the text so far.
    const value = name === focused ? entry.text : (entry.value ?? (isNumber ? Number(entry.text) : entry.text));
    return [{ name, type, value, ...focus }];
  });
  return { options, files };
}
