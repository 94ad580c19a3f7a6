import type { APIRole } from "discord-api-types/v10";
import type { CustomId } from "../custom-id.ts";
import type { Channel, Mentionable, Person } from "../entities.ts";
import type { ComponentInteraction } from "../interaction/interaction.ts";
import type { Behaviour } from "./command.ts";

/** What was chosen, by the kind of component. */
export interface ComponentValues {
  button: readonly never[];
  "string-select": readonly string[];
  "user-select": readonly Person[];
  "role-select": readonly APIRole[];
  "mentionable-select": readonly Mentionable[];
  "channel-select": readonly Channel[];
}
export type ComponentKind = keyof ComponentValues;

/** What answers the clicks on a button or the choices in a menu, on whichever message it stands. */
export interface Component<Services> extends Behaviour<ComponentInteraction, Services, unknown> {
  kind: "component";
  type: ComponentKind;
  customId: CustomId;
  /**
   * What a slow handler shows meanwhile: nothing (`update`, and the answer is a change or a new message), or "thinking…"
   * (`reply`, and the answer is a new message).
   */
  defer: "update" | "reply";
}
