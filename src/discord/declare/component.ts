import type { CustomId } from "../custom-id.ts";
import type { Behaviour } from "./command.ts";
import type { ComponentInteraction } from "./interactions.ts";
import type { ComponentKind } from "./values.ts";

/** The handler of a button or menu, on any message. */
export interface Component<Services> extends Behaviour<ComponentInteraction, Services, unknown> {
  kind: "component";
  type: ComponentKind;
  customId: CustomId;
  /**
   * How a slow handler is deferred. `update`: without a sign, and the answer is a change or a new message. `reply`: with
   * "thinking…", and the answer is a new message.
   */
  defer: "update" | "reply";
}
