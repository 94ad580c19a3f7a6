import type {
  APIChannelSelectComponent,
  APICheckboxComponent,
  APICheckboxGroupComponent,
  APIFileUploadComponent,
  APIMentionableSelectComponent,
  APIRadioGroupComponent,
  APIRole,
  APIRoleSelectComponent,
  APIStringSelectComponent,
  APITextInputComponent,
  APIUserSelectComponent,
} from "discord-api-types/v10";
import type { Attachment, Channel, Mentionable, Person } from "../entities.ts";
import type { Mistake } from "./option.ts";

/** The values that a handler gets from a component, by the component's kind. */
export interface ComponentValues {
  button: Mistake<'a button has no values; the component of a menu says so: type: "string-select"'>;
  "string-select": readonly string[];
  "user-select": readonly Person[];
  "role-select": readonly APIRole[];
  "mentionable-select": readonly Mentionable[];
  "channel-select": readonly Channel[];
}
export type ComponentKind = keyof ComponentValues;

/** A field of a modal: Discord's own component, inside a label. */
type Labelled<Type extends string, Api> = { type: Type; label: string; description?: string } & Omit<
  Api,
  "type" | "custom_id" | "label" | "style" | "disabled"
>;

/** Text between the fields; it has no value. */
interface Display {
  type: "display";
  content: string;
}

export type ModalField =
  | (Labelled<"text", APITextInputComponent> & { style?: "short" | "paragraph" })
  | Labelled<"string-select", APIStringSelectComponent>
  | Labelled<"user-select", APIUserSelectComponent>
  | Labelled<"role-select", APIRoleSelectComponent>
  | Labelled<"mentionable-select", APIMentionableSelectComponent>
  | Labelled<"channel-select", APIChannelSelectComponent>
  | Labelled<"file", APIFileUploadComponent>
  | Labelled<"radio", APIRadioGroupComponent>
  | Labelled<"checkboxes", APICheckboxGroupComponent>
  | Labelled<"checkbox", APICheckboxComponent>
  | Display;

/** The fields of a modal by name, in the order in which they are shown. */
export type ModalFields = Readonly<Record<string, ModalField>>;

interface FieldValues {
  text: string;
  "string-select": readonly string[];
  "user-select": readonly Person[];
  "role-select": readonly APIRole[];
  "mentionable-select": readonly Mentionable[];
  "channel-select": readonly Channel[];
  file: readonly Attachment[];
  /** Null when nothing is chosen. */
  radio: string | null;
  checkboxes: readonly string[];
  checkbox: boolean;
}

/** The values that a handler gets from a form, by the field's name. A text left empty is "". */
export type ModalValues<Fields extends ModalFields> = {
  readonly [Name in keyof Fields as Fields[Name]["type"] extends "display" ? never : Name]: FieldValues[Exclude<
    Fields[Name]["type"],
    "display"
  >];
};
