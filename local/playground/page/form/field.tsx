import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { useChoices } from "../components/choices.ts";
import { Menu } from "../components/menu.tsx";
import { ChoiceGroup } from "./choice-group.tsx";
import { FileField } from "./file-field.tsx";
import { type Entered, type FieldProps, fieldType, type Labelled } from "./form-view.ts";

interface LabelledFieldProps {
  labelled: Labelled;
  value: Entered;
  refusal: string | undefined;
  onChange: (value: Entered) => void;
}

/** A field of a form with its label, its description, and why its value was refused. */
export function LabelledField({ labelled, value, refusal, onChange }: LabelledFieldProps): JSX.Element {
  const { label, description, field } = labelled;
  const id = useId();
  const isGroup = field.type === fieldType.radio || field.type === fieldType.checkboxes;
  const describedBy = [description && `${id}-about`, refusal && `${id}-refusal`].filter(Boolean).join(" ") || undefined;
  const star = field.required !== false && field.type !== fieldType.checkbox && (
    <span class="required" aria-hidden="true">
      *
    </span>
  );
  const props = { id, field, isInvalid: refusal !== undefined, describedBy };
  const about = description && (
    <div id={`${id}-about`} class="field-about">
      {description}
    </div>
  );
  const wrong = refusal !== undefined && (
    <div id={`${id}-refusal`} class="refusal">
      {refusal}
    </div>
  );
  if (isGroup) {
    return (
      <fieldset class="field" aria-describedby={describedBy} aria-invalid={props.isInvalid || undefined}>
        <legend>
          {label} {star}
        </legend>
        {about}
        <ChoiceGroup {...props} value={value as readonly string[]} onChange={onChange} />
        {wrong}
      </fieldset>
    );
  }
  return (
    <div class={field.type === fieldType.checkbox ? "field field-checkbox" : "field"}>
      <label id={`${id}-label`} for={id}>
        {label} {star}
      </label>
      {about}
      <Control {...props} value={value} onChange={onChange} />
      {wrong}
    </div>
  );
}

// --- Internal helpers ---

function Control({ value, onChange, ...props }: FieldProps<Entered>): JSX.Element {
  const { id, field } = props;
  if (field.type === fieldType.text) return <TextField {...props} value={value as string} onChange={onChange} />;
  if (field.type === fieldType.upload)
    return <FileField {...props} value={value as readonly File[]} onChange={onChange} />;
  if (field.type === fieldType.checkbox)
    return (
      <input
        type="checkbox"
        id={id}
        checked={value as boolean}
        aria-describedby={props.describedBy}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  return <SelectField {...props} value={value as readonly string[]} onChange={onChange} />;
}

function TextField({ id, field, value, isInvalid, describedBy, onChange }: FieldProps<string>): JSX.Element {
  const props = {
    id,
    value,
    placeholder: field.placeholder ?? "",
    "aria-invalid": isInvalid || undefined,
    "aria-describedby": describedBy,
    "aria-required": field.required !== false,
  };
  if (field.style === 2) {
    return <textarea {...props} rows={4} onInput={({ currentTarget }) => onChange(currentTarget.value)} />;
  }
  return <input type="text" {...props} onInput={({ currentTarget }) => onChange(currentTarget.value)} />;
}

function SelectField({ id, field, value, isInvalid, describedBy, onChange }: FieldProps<readonly string[]>) {
  const choices = useChoices(field);
  return (
    <Menu
      name={{ by: `${id}-label` }}
      choices={choices}
      chosen={value}
      placeholder={field.placeholder ?? "Make a selection"}
      max={field.max_values ?? 1}
      isInvalid={isInvalid}
      describedBy={describedBy}
      onChoose={onChange}
    />
  );
}
