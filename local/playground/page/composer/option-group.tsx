import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useContextMenu } from "../shell/context-menu.tsx";
import { Icon } from "../shell/icons.tsx";
import { type CommandDraft, type Entry, refusalOf, shownOptions } from "./draft.ts";
import { OptionInput } from "./option-input.tsx";

export interface OptionGroupProps {
  draft: CommandDraft;
  onChange: (draft: CommandDraft) => void;
  onSend: (draft: CommandDraft) => void;
  /** Leaves the command. */
  onLeave: () => void;
}

/** A command being filled in: each option is an input with its label. */
export function OptionGroup({ draft, onChange, onSend, onLeave }: OptionGroupProps): JSX.Element {
  const [isChecked, check] = useState(false);
  const [focused, setFocused] = useState("");
  const menu = useContextMenu();
  const group = useRef<HTMLDivElement>(null);
  const id = useId();
  const shown = shownOptions(draft);
  const hidden = draft.leaf.options.filter((option) => !shown.includes(option));
  const idOf = (name: string) => `${id}-option-${name}`;
  const focus = (name: string | undefined) => document.getElementById(idOf(name ?? ""))?.focus();
  const option = shown.find(({ name }) => name === focused);
  const refusal = isChecked && option ? refusalOf(option, draft.entries[option.name]) : undefined;
  // The first option waits for its value; a command without options for Enter.
  useLayoutEffect(() => {
    const first = shown[0];
    if (first) focus(first.name);
    else group.current?.focus();
  }, [draft.leaf]);
  const lastAdded = draft.added.at(-1);
  useLayoutEffect(() => focus(lastAdded), [lastAdded]);

  function send(): void {
    check(true);
    const missing = shown.find((one) => refusalOf(one, draft.entries[one.name]) !== undefined);
    if (missing) focus(missing.name);
    else onSend(draft);
  }

  function change(name: string, entry: Entry): void {
    onChange({ ...draft, entries: { ...draft.entries, [name]: entry } });
  }

  function onKey(name: string | undefined, event: KeyboardEvent): void {
    const isEmpty = name === undefined || (draft.entries[name]?.text ?? "") === "";
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send();
    else if (event.key === "Escape") onLeave();
    else if (event.key === "Backspace" && isEmpty) goBack(name);
    else return;
    event.preventDefault();
  }

  function goBack(name: string | undefined): void {
    const at = shown.findIndex((one) => one.name === name);
    if (at <= 0) return onLeave();
    if (name !== undefined && draft.added.includes(name))
      onChange({ ...draft, added: draft.added.filter((one) => one !== name) });
    focus(shown[at - 1]?.name);
  }

  function showHidden(button: Element): void {
    menu.openBeside(
      button,
      hidden.map(({ name, description }) => ({
        label: `${name} — ${description}`,
        onSelect: () => onChange({ ...draft, added: [...draft.added, name] }),
      })),
    );
  }

  return (
    <div class="command-draft">
      <div id={`${id}-about`} class="command-about">
        <strong>{option?.name ?? `/${draft.leaf.name}`}</strong> {option?.description ?? draft.leaf.description}{" "}
        <span class="refusal" aria-live="polite">
          {refusal}
        </span>
      </div>
      <div
        ref={group}
        class="command-line"
        role="group"
        aria-label={`/${draft.leaf.name}`}
        tabIndex={shown.length === 0 ? 0 : -1}
        onKeyDown={(event) => event.target === group.current && onKey(undefined, event)}
      >
        <span class="command-name">/{draft.leaf.name}</span>
        {shown.map((one) => {
          const wrong = isChecked ? refusalOf(one, draft.entries[one.name]) : undefined;
          return (
            <div key={one.name} class={wrong ? "option is-wrong" : "option"}>
              <label for={idOf(one.name)}>{one.name}</label>
              <OptionInput
                id={idOf(one.name)}
                draft={draft}
                option={one}
                isInvalid={wrong !== undefined}
                describedBy={`${id}-about`}
                onChange={(entry) => change(one.name, entry)}
                onFocus={() => setFocused(one.name)}
                onKey={(event) => onKey(one.name, event)}
              />
            </div>
          );
        })}
        {hidden.length > 0 && (
          <button
            type="button"
            class="more-options"
            aria-haspopup="menu"
            onClick={({ currentTarget }) => showHidden(currentTarget)}
          >
            +{hidden.length} optional
          </button>
        )}
        <span class="command-end">
          <button type="button" class="plain" aria-label="Leave the command" onClick={onLeave}>
            <Icon name="close" />
          </button>
          <button type="button" class="button primary" onClick={send}>
            Send
          </button>
        </span>
      </div>
    </div>
  );
}
