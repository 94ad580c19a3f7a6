import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWorld } from "../client/use-client.ts";
import { Avatar } from "../shell/avatar.tsx";
import { fuzzyFilter } from "./fuzzy.ts";
import type { Leaf } from "./leaves.ts";
import { readTypedLine } from "./typed-line.ts";

export interface CommandBoxProps {
  text: string;
  placeholder: string;
  leaves: readonly Leaf[];
  onChange: (text: string) => void;
  onPick: (leaf: Leaf) => void;
  /** Enter on a text that is not a command. */
  onSay: (text: string) => void;
  /** ↑ in an empty box. */
  onRecall: () => void;
}

/** The input of a channel. `/` opens the list of commands above it; the focus stays in the input. */
export function CommandBox({ text, placeholder, leaves, onPick, onSay, ...on }: CommandBoxProps): JSX.Element {
  const { application } = useWorld();
  const [active, setActive] = useState(0);
  const [isClosed, close] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const isCommand = text.startsWith("/");
  const typed = isCommand ? readTypedLine(text, leaves) : undefined;
  const searched = () => (isCommand ? fuzzyFilter(leaves, text.slice(1), ({ name }) => name) : []);
  const found = typed ? [typed.leaf] : searched();
  const isOpen = isCommand && !isClosed;
  const at = Math.min(active, found.length - 1);
  const leaf = found[at];
  useLayoutEffect(() => input.current?.focus({ preventScroll: true }), []);

  function move(to: number): void {
    const next = (to + found.length) % Math.max(1, found.length);
    setActive(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  }

  function change(next: string): void {
    on.onChange(next);
    setActive(0);
    close(false);
  }

  function onKey(event: KeyboardEvent): void {
    const { key } = event;
    if (event.isComposing) return;
    if (isOpen && key === "ArrowDown") move(at + 1);
    else if (isOpen && key === "ArrowUp") move(at - 1);
    else if (isOpen && leaf && (key === "Enter" || key === "Tab")) onPick(leaf);
    else if (isOpen && key === "Escape") close(true);
    else if (key === "Escape" && text !== "") change("");
    else if (key === "ArrowUp" && text === "") on.onRecall();
    else if (key === "Enter" && isCommand) close(false);
    else if (key === "Enter" && text !== "") onSay(text);
    else return;
    event.preventDefault();
  }

  return (
    <div class="command-box">
      {isOpen && (
        <div class="command-list">
          <div class="command-list-head">
            <Avatar url={application.avatar} size={24} /> {application.name}
          </div>
          <ul id={`${id}-list`} role="listbox" aria-label="Commands">
            {found.map((one, index) => (
              <li
                key={one.name}
                id={`${id}-${index}`}
                role="option"
                class={index === at ? "command is-active" : "command"}
                aria-selected={index === at}
                onPointerDown={(event) => event.preventDefault()}
                onPointerMove={() => setActive(index)}
                onClick={() => onPick(one)}
              >
                <CommandLine leaf={one} />
              </li>
            ))}
          </ul>
          {found.length === 0 && <div class="list-hint">No commands match your search.</div>}
        </div>
      )}
      <input
        ref={input}
        class="box"
        type="text"
        role="combobox"
        autocomplete="off"
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen && leaf ? `${id}-${at}` : undefined}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={onKey}
      />
      <div class="hidden" role="status">
        {isOpen && `${found.length} ${found.length === 1 ? "command" : "commands"}`}
      </div>
    </div>
  );
}

// --- Internal helpers ---

function CommandLine({ leaf: { name, description, options, isEntryPoint } }: { leaf: Leaf }): JSX.Element {
  const optional = options.filter(({ required }) => !required).length;
  return (
    <>
      <span class="command-title">
        {isEntryPoint ? name : `/${name}`}
        {options
          .filter(({ required }) => required)
          .map((option) => (
            <span key={option.name} class="option-name">
              {option.name}
            </span>
          ))}
        {optional > 0 && <span class="option-more">+{optional} optional</span>}
      </span>
      <span class="command-description">{isEntryPoint ? description || "Opens the activity" : description}</span>
    </>
  );
}
