import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { OptionValue } from "../../protocol.ts";
import { useChannel, useWorld } from "../client/use-client.ts";
import { channelsOf, personChoice, rolesOf } from "../components/choices.ts";
import type { Choice } from "../components/select-view.ts";
import { ChoiceInput } from "./choice-input.tsx";
import { type CommandDraft, type Entry, hasAutocomplete, optionType } from "./draft.ts";
import { fuzzyFilter } from "./fuzzy.ts";
import type { ValueOption } from "./leaves.ts";
import { useCompletion } from "./use-completion.ts";

export interface OptionInputProps {
  id: string;
  draft: CommandDraft;
  option: ValueOption;
  isInvalid: boolean;
  describedBy: string;
  onChange: (entry: Entry) => void;
  onFocus: () => void;
  onKey: (event: KeyboardEvent) => void;
}

/** The input of an option, by its type. */
export function OptionInput(props: OptionInputProps): JSX.Element {
  const { option } = props;
  if (option.type === optionType.attachment) return <FileInput {...props} />;
  if (hasAutocomplete(option)) return <CompletedInput {...props} />;
  if ((option.type === optionType.string && !option.choices) || isFreeNumber(option)) return <TextInput {...props} />;
  return <ListedInput {...props} />;
}

// --- Internal helpers ---

const isFreeNumber = (option: ValueOption): boolean =>
  (option.type === optionType.integer || option.type === optionType.number) && !option.choices;

/** A text may have several lines: Shift+Enter begins one. */
function TextInput({ id, draft, option, isInvalid, describedBy, ...on }: OptionInputProps): JSX.Element {
  const text = draft.entries[option.name]?.text ?? "";
  return (
    <textarea
      id={id}
      rows={Math.min(6, text.split("\n").length)}
      cols={Math.max(8, Math.min(40, text.length + 2))}
      inputMode={option.type === optionType.string ? "text" : "decimal"}
      value={text}
      aria-invalid={isInvalid || undefined}
      aria-describedby={describedBy}
      onFocus={on.onFocus}
      onInput={({ currentTarget }) => on.onChange({ text: currentTarget.value })}
      onKeyDown={on.onKey}
    />
  );
}

function FileInput({ id, isInvalid, describedBy, ...on }: OptionInputProps): JSX.Element {
  return (
    <input
      type="file"
      id={id}
      aria-invalid={isInvalid || undefined}
      aria-describedby={describedBy}
      onFocus={on.onFocus}
      onChange={({ currentTarget }) => {
        const file = currentTarget.files?.[0];
        on.onChange(file ? { text: file.name, file } : { text: "" });
      }}
      onKeyDown={on.onKey}
    />
  );
}

function CompletedInput({ draft, option, onChange, onFocus, ...props }: OptionInputProps): JSX.Element {
  const [isAsked, ask] = useState(false);
  const completion = useCompletion(draft, option.name, isAsked && draft.entries[option.name]?.value === undefined);
  const choices = completion.state === "ready" ? completion.choices : [];
  const hint = {
    idle: undefined,
    loading: "Loading options…",
    failed: "Loading options failed",
    ready: choices.length === 0 ? "No options match your search." : undefined,
  }[completion.state];
  return (
    <ChoiceInput
      {...props}
      entry={draft.entries[option.name]}
      choices={choices}
      hint={hint}
      reasons={completion.state === "failed" ? completion.reasons : []}
      onType={(text) => onChange({ text })}
      onPick={({ label, given }) => onChange({ text: label, value: given })}
      onFocus={() => {
        ask(true);
        onFocus();
      }}
    />
  );
}

function ListedInput({ draft, option, onChange, ...props }: OptionInputProps): JSX.Element {
  const all = useListed(option);
  const entry = draft.entries[option.name];
  const choices = entry?.value === undefined ? fuzzyFilter(all, entry?.text ?? "", nameOf).slice(0, 25) : all;
  return (
    <ChoiceInput
      {...props}
      entry={entry}
      choices={choices}
      hint={choices.length === 0 ? "No options match your search." : undefined}
      reasons={[]}
      onType={(text) => onChange({ text })}
      onPick={({ label, given }) => onChange({ text: label, value: given })}
    />
  );
}

type Listed = Choice & { given: OptionValue };

const nameOf = ({ label, description }: Choice): string => `${label.replace(/^[@#]/, "")} ${description ?? ""}`;

/** Returns the choices of an option: declared ones, true and false, or what the person can see of the server. */
function useListed(option: ValueOption): readonly Listed[] {
  const { people, me } = useWorld();
  const { guild, channel } = useChannel();
  if ("choices" in option && option.choices)
    return option.choices.map(({ name, value }, index) => ({ value: `${index}`, label: name, given: value }));
  if (option.type === optionType.boolean)
    return [true, false].map((given) => ({ value: `${given}`, label: given ? "True" : "False", given }));
  const members = (guild?.members ?? [me, ...people]).map(personChoice);
  const found =
    option.type === optionType.channel
      ? channelsOf(guild, channel, option.channel_types)
      : [
          ...(option.type === optionType.role ? [] : members),
          ...(option.type === optionType.user ? [] : rolesOf(guild)),
        ];
  return found.map((choice) => ({ ...choice, given: choice.value }));
}
