import type {
  APIChannelSelectComponent,
  APIMentionableSelectComponent,
  APIRoleSelectComponent,
  APISelectMenuComponent,
  APIStringSelectComponent,
  APIUserSelectComponent,
} from "discord-api-types/v10";
import type { ComponentKind, ComponentValues, ModalField, ModalFields, ModalValues } from "../discord/index.ts";

/** What a step makes of what was entered: the draft with it, and what is wrong with it where it cannot stay like that. */
export type Taken<Draft> = Draft | { draft: Draft; problem: string };

interface Shown<Draft> {
  /** In custom_ids: letters, digits and dashes. */
  name: string;
  title: string;
  /** What is asked, in Discord's Markdown. */
  text: string | ((draft: Draft) => string);
  /** May the person go on with the draft as it is? Default: yes. */
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

/** A menu; choosing goes on to the next step. */
export interface MenuDefinition<Draft, Kind extends MenuKind> extends Shown<Draft> {
  type: Kind;
  /** The menu in Discord's own fields, with what was chosen before. */
  menu(draft: Draft): Omit<MenuFields[Kind], "type" | "custom_id">;
  take(values: ComponentValues[Kind], draft: Draft): Taken<Draft>;
}

/** A form behind a button; submitting it goes on to the next step. */
export interface FormDefinition<Draft, Fields extends ModalFields> extends Shown<Draft> {
  /** On the button that opens it. */
  label: string;
  fields: Fields;
  /** The fields with what was entered before. */
  fill?(draft: Draft): { [Name in keyof Fields]?: Partial<Fields[Name] & ModalField> };
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

export const createStepKit = <Draft>(): StepKit<Draft> => ({
  menu: ({ type, menu, take, ...shown }) => ({
    ...shown,
    part: { kind: "menu", type, menu: menu as (draft: Draft) => Partial<APISelectMenuComponent> },
    // The router hands over the values of just this kind of menu, and of just this form.
    take,
  }),
  form: ({ label, fields, fill = () => ({}), take, ...shown }) => ({
    ...shown,
    part: { kind: "form", label, fields, fill: fill as (draft: Draft) => Readonly<Record<string, object>> },
    take,
  }),
});
