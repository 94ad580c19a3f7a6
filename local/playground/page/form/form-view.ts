import type { SelectView } from "../components/select-view.ts";

/** A form of Discord's API: the fields that the page shows. */
export interface FormView {
  title: string;
  custom_id: string;
  components: readonly FormRow[];
}

export interface FormRow {
  type: number;
  /** Of a text display. */
  content?: string;
  /** Of a label. */
  label?: string;
  description?: string;
  component?: FieldView;
  /** Of an action row with a text input. */
  components?: readonly FieldView[];
}

/** A component of a form that takes a value. */
export interface FieldView extends SelectView {
  label?: string;
  /** Of a text input: 1 is a line, 2 is several. */
  style?: number;
  value?: string;
  min_length?: number;
  max_length?: number;
  /** Of a file upload. */
  file_types?: readonly string[];
  /** Of a checkbox. */
  default?: boolean;
}

/** A field with the texts around it. */
export interface Labelled {
  label: string;
  description: string | undefined;
  field: FieldView;
}

/** The value that a person entered into a field. */
export type Entered = string | boolean | readonly string[] | readonly File[];

export const fieldType = {
  text: 4,
  upload: 19,
  radio: 21,
  checkboxes: 22,
  checkbox: 23,
} as const;

/** Returns the fields of a row of a form: a labelled one, the text inputs of an action row, or no field for text. */
export function fieldsIn({ label = "", description, component, components = [] }: FormRow): Labelled[] {
  if (component) return [{ label, description, field: component }];
  return components.map((field) => ({ label: field.label ?? "", description: undefined, field }));
}

export interface FieldProps<V extends Entered> {
  id: string;
  field: FieldView;
  value: V;
  isInvalid: boolean;
  describedBy: string | undefined;
  onChange: (value: V) => void;
}
