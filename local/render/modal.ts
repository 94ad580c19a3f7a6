import { styleText } from "node:util";
import { type MarkdownOptions, renderMarkdown } from "./markdown.ts";

/** A form of Discord's API: the fields that a terminal can show. */
export interface ShownModal {
  title?: string;
  components?: ShownRow[];
}

interface ShownRow {
  label?: string;
  description?: string;
  content?: string;
  component?: ShownField;
  components?: (ShownField & { label?: string })[];
}

interface ShownField {
  type?: number;
  custom_id?: string;
  value?: string;
  placeholder?: string;
  required?: boolean;
  options?: { label: string }[];
}

/** Returns a form for a terminal, as a person would see it, without a line break at the end. */
export function renderModal({ title = "", components = [] }: ShownModal, options: MarkdownOptions): string {
  const rows = components.flatMap((row) => {
    if (row.content !== undefined) return [renderMarkdown(row.content, options)];
    const fields = row.component ? [{ ...row, ...row.component }] : (row.components ?? []);
    return fields.map(renderField);
  });
  return [styleText(["bold", "underline"], title), ...rows].join("\n").replace(/^/gm, `${styleText("magenta", "│")} `);
}

/** Returns the label of a form's first field; `undefined` for one without fields. */
export const firstLabel = ({ components = [] }: ShownModal): string | undefined =>
  components.map(({ label, components: [inner] = [] }) => label ?? inner?.label).find((label) => label !== undefined);

const checkbox = 23;

function renderField({
  type,
  label = "",
  description,
  value,
  placeholder,
  required,
  options,
}: ShownField & ShownRow): string {
  const choices = options?.map((option) => option.label).join(", ");
  const inside = value ?? placeholder ?? choices ?? "";
  return [
    styleText("bold", label) + (required === false || type === checkbox ? "" : styleText("red", " *")),
    ...(description === undefined ? [] : [styleText("dim", description)]),
    type === checkbox ? "☐" : `[ ${inside} ]`,
  ].join("\n");
}
