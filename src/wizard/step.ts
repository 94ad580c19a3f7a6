import type {
  APIChannelSelectComponent,
  APIMentionableSelectComponent,
  APIRoleSelectComponent,
  APISelectMenuComponent,
  APIStringSelectComponent,
  APIUserSelectComponent,
} from "discord-api-types/v10";
import type { ComponentKind, ComponentValues, ModalField, ModalFields, ModalValues } from "../discord/index.ts";

/** The draft with what was entered; `problem` says why it cannot stay like that. */
export type Taken<Draft> = Draft | { draft: Draft; problem: string };

interface Shown<Draft> {
  /** Letters, digits and dashes. Part of custom_ids. */
  name: string;
  title: string;
  /** The question, in Discord's Markdown. */
  text: string | ((draft: Draft) => string);
  /** Returns whether the person may go on with the draft as it is. Default: true. */
  isReady?(draft: Draft): boolean;
}

type MenuKind = Exclude<ComponentKind, "button">;
interface MenuFields {
  "string-select": APIStringSelectComponent;
  "user-select": APIUserSelectComponent;
  "role-select": APIRoleSelectComponent;
  "mentionable-select": APIMentionableSelectComponent;
  "channel-select": APIChannelSelectComponent;
}

/** A menu. A choice goes on to the next step. */
export interface MenuDefinition<Draft, Kind extends MenuKind> extends Shown<Draft> {
  type: Kind;
  /** Returns the menu in Discord's own fields, with the earlier choice. */
  menu(draft: Draft): Omit<MenuFields[Kind], "type" | "custom_id">;
  /** Returns the draft with the chosen values. */
  take(values: ComponentValues[Kind], draft: Draft): Taken<Draft>;
}

/** A form behind a button. Its submission goes on to the next step. */
export interface FormDefinition<Draft, Fields extends ModalFields> extends Shown<Draft> {
  /** The text of the button that opens it. */
  label: string;
  fields: Fields;
  /** Returns the fields' earlier values. Default: none. */
  fill?(draft: Draft): { [Name in keyof Fields]?: Partial<Fields[Name] & ModalField> };
  /** Returns the draft with the entered values. */
  take(values: ModalValues<Fields>, draft: Draft): Taken<Draft>;
}

/** A step in the one shape that the wizard runs. */
export interface Step<Draft> extends Shown<Draft> {
  part:
    | { kind: "menu"; type: MenuKind; menu(draft: Draft): Partial<APISelectMenuComponent> }
    | { kind: "form"; label: string; fields: ModalFields; fill(draft: Draft): Readonly<Record<string, object>> };
  take(values: unknown, draft: Draft): Taken<Draft>;
}

/** The functions that declare steps for one kind of draft. */
export interface StepKit<Draft> {
  menu<const Kind extends MenuKind>(definition: MenuDefinition<Draft, Kind>): Step<Draft>;
  form<const Fields extends ModalFields>(definition: FormDefinition<Draft, Fields>): Step<Draft>;
}

/** Makes the functions that declare a wizard's steps. */
export const createStepKit = <Draft>(): StepKit<Draft> => ({
  menu: ({ type, menu, take, ...shown }) => ({
    ...shown,
    part: { kind: "menu", type, menu: menu as (draft: Draft) => Partial<APISelectMenuComponent> },
    // The router passes the values of this kind of menu, and of this form, only.
    take,
  }),
  form: ({ label, fields, fill = () => ({}), take, ...shown }) => ({
    ...shown,
    part: { kind: "form", label, fields, fill: fill as (draft: Draft) => Readonly<Record<string, object>> },
    take,
  }),
});
