import type { JSX } from "preact";
import { useChoices } from "../components/choices.ts";
import { type FieldProps, fieldType } from "./form-view.ts";

/** Radio buttons or checkboxes, a card each. */
export function ChoiceGroup({ id, field, value, onChange }: FieldProps<readonly string[]>): JSX.Element {
  const choices = useChoices(field);
  const isRadio = field.type === fieldType.radio;

  function choose(chosen: string, isChecked: boolean): void {
    if (isRadio) return onChange([chosen]);
    onChange(isChecked ? [...value, chosen] : value.filter((one) => one !== chosen));
  }

  return (
    <div class="choice-group">
      {choices.map((choice) => (
        <label key={choice.value} class="choice-card">
          <input
            type={isRadio ? "radio" : "checkbox"}
            name={id}
            value={choice.value}
            checked={value.includes(choice.value)}
            onChange={({ currentTarget }) => choose(choice.value, currentTarget.checked)}
          />
          <span class="choice-text">
            <span class="choice-label">{choice.label}</span>
            {choice.description && <span class="choice-description">{choice.description}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
