import type { CustomId } from "../custom-id.ts";
import type { Behaviour } from "./command.ts";
import type { ComponentInteraction } from "./interactions.ts";
import type { ComponentKind } from "./values.ts";

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
