import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../shell/icons.tsx";
import { ChoiceView } from "./choice-view.tsx";
import { usePopup } from "./popup.ts";
import type { Choice } from "./select-view.ts";

export interface MenuProps {
  /** The menu's accessible name, or the id of the element that names it. */
  name: string | { by: string };
  choices: readonly Choice[];
  chosen: readonly string[];
  placeholder: string;
  max: number;
  isDisabled?: boolean;
  isInvalid?: boolean;
  describedBy?: string | undefined;
  /** Is called at each change. */
  onChoose: (values: readonly string[]) => void;
  /** Is called when the list closes, with the values at that time. */
  onClose?: (values: readonly string[]) => void;
}

const typeMs = 700;

/** A select-only combobox, for one choice or several. Letters lead to the next choice that begins with them. */
export function Menu(props: MenuProps): JSX.Element {
  const { name, choices, chosen, placeholder, max, isDisabled = false, isInvalid = false } = props;
  const [isOpen, open] = useState(false);
  const [active, setActive] = useState(0);
  const typed = useRef({ text: "", at: 0 });
  const values = useRef(chosen);
  values.current = chosen;
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    open(false);
    props.onClose?.(values.current);
  };
  const list = usePopup<HTMLUListElement>({ isOpen, anchor: () => trigger.current, onClose: close, isWide: true });

  function choose({ value }: Choice): void {
    const others = chosen.filter((one) => one !== value);
    const isChosen = others.length < chosen.length;
    const next = max === 1 ? [value] : isChosen ? others : chosen.length < max ? [...chosen, value] : chosen;
    values.current = next;
    props.onChoose(next);
    if (max === 1) close();
  }

  function move(to: number): void {
    const next = Math.max(0, Math.min(choices.length - 1, to));
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  }

  function onKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: 1e3 };
    const { key } = event;
    const choice = choices[active];
    if (!isOpen) {
      if (key !== "ArrowDown" && key !== "ArrowUp" && key !== "Enter" && key !== " ") return;
      setActive(
        Math.max(
          0,
          choices.findIndex(({ value }) => value === chosen[0]),
        ),
      );
      open(true);
    } else if (key === "Escape" || key === "Tab") close();
    else if (steps[key] !== undefined) move(steps[key]);
    else if (key === "Enter" || key === " ") {
      if (choice) choose(choice);
    } else if (key.length === 1) findTyped(key, event.timeStamp);
    else return;
    if (key !== "Tab") event.preventDefault();
    if (key === "Escape") event.stopPropagation();
  }

  function findTyped(key: string, at: number): void {
    const before = typed.current;
    const text = (at - before.at < typeMs ? before.text : "") + key.toLowerCase();
    typed.current = { text, at };
    const found = choices.findIndex(({ label }) => label.toLowerCase().replace(/^[@#]/, "").startsWith(text));
    if (found >= 0) move(found);
  }

  const shown = choices.filter(({ value }) => chosen.includes(value));
  return (
    <div class="menu">
      <button
        ref={trigger}
        type="button"
        role="combobox"
        class="menu-trigger"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen ? `${id}-${active}` : undefined}
        aria-invalid={isInvalid || undefined}
        aria-describedby={props.describedBy}
        {...(typeof name === "string" ? { "aria-label": name } : { "aria-labelledby": name.by })}
        disabled={isDisabled}
        onClick={() => (isOpen ? close() : open(true))}
        onKeyDown={onKey}
      >
        <span class="menu-value">
          {shown.length === 0 && <span class="placeholder">{placeholder}</span>}
          {shown.map((choice) => (
            <span key={choice.value} class={max > 1 ? "chip" : "single"}>
              <ChoiceView choice={max > 1 ? { ...choice, description: undefined } : choice} />
            </span>
          ))}
        </span>
        <Icon name="down" />
      </button>
      <ul
        ref={list}
        id={`${id}-list`}
        popover="manual"
        role="listbox"
        class="listbox"
        aria-label={typeof name === "string" ? name : placeholder}
        aria-multiselectable={max > 1}
      >
        {isOpen &&
          choices.map((choice, index) => (
            <li
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              class={index === active ? "choice is-active" : "choice"}
              aria-selected={chosen.includes(choice.value)}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(choice)}
            >
              <ChoiceView choice={choice} />
              {chosen.includes(choice.value) && <Icon name="check" size={16} />}
            </li>
          ))}
      </ul>
    </div>
  );
}
