import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { ChoiceView } from "../components/choice-view.tsx";
import { usePopup } from "../components/popup.ts";
import type { Choice } from "../components/select-view.ts";
import { Reasons } from "../message/reasons.tsx";
import type { Entry } from "./draft.ts";

export interface ChoiceInputProps<C extends Choice> {
  id: string;
  entry: Entry | undefined;
  /** The choices that fit the text. */
  choices: readonly C[];
  /** A sentence in place of choices: that they are loading, or failed. */
  hint: string | undefined;
  reasons: readonly string[];
  isInvalid: boolean;
  describedBy: string;
  onType: (text: string) => void;
  onPick: (choice: C) => void;
  onFocus: () => void;
  /** Keys that the list does not need. */
  onKey: (event: KeyboardEvent) => void;
}

/** An input with a list of choices below it: an editable combobox, whose focus stays in the input. */
export function ChoiceInput<C extends Choice>(props: ChoiceInputProps<C>): JSX.Element {
  const { id, entry, choices, hint, reasons, isInvalid, describedBy } = props;
  const [isOpen, open] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const close = () => open(false);
  const popup = usePopup<HTMLDivElement>({ isOpen, anchor: () => input.current, onClose: close });
  const at = Math.min(active, choices.length - 1);

  function pick(choice: C): void {
    props.onPick(choice);
    close();
  }

  function move(to: number): void {
    const next = (to + choices.length) % Math.max(1, choices.length);
    setActive(next);
    document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
  }

  function onKey(event: KeyboardEvent): void {
    const choice = choices[at];
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen) move(at + (event.key === "ArrowDown" ? 1 : -1));
      else open(true);
    } else if (event.key === "Escape" && isOpen) close();
    else if (event.key === "Enter" && isOpen && choice && entry?.value === undefined) pick(choice);
    else {
      // Tab takes the marked choice on its way to the next option.
      if (event.key === "Tab" && !event.shiftKey && isOpen && choice && entry?.text && entry.value === undefined)
        pick(choice);
      if (event.key === "Tab") close();
      return props.onKey(event);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <input
        ref={input}
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        value={entry?.text ?? ""}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && at >= 0 ? `${listId}-${at}` : undefined}
        aria-invalid={isInvalid || undefined}
        aria-describedby={describedBy}
        onFocus={() => {
          props.onFocus();
          open(true);
        }}
        onBlur={close}
        onClick={() => open(true)}
        onInput={({ currentTarget }) => {
          props.onType(currentTarget.value);
          setActive(0);
          open(true);
        }}
        onKeyDown={onKey}
      />
      <div ref={popup} popover="manual" class="listbox choice-list">
        {isOpen && hint !== undefined && (
          <div class="list-hint">
            {hint}
            <Reasons reasons={reasons} />
          </div>
        )}
        <ul id={listId} role="listbox" aria-label="Choices">
          {isOpen &&
            choices.map((choice, index) => (
              <li
                key={choice.value}
                id={`${listId}-${index}`}
                role="option"
                class={index === at ? "choice is-active" : "choice"}
                aria-selected={index === at}
                onPointerDown={(event) => event.preventDefault()}
                onPointerMove={() => setActive(index)}
                onClick={() => pick(choice)}
              >
                <ChoiceView choice={choice} />
              </li>
            ))}
        </ul>
      </div>
    </>
  );
}
