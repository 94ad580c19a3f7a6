import type { CustomId } from "../custom-id.ts";
import type { Behaviour } from "./command.ts";
import type { ModalInteraction } from "./interactions.ts";
import type { ModalFields } from "./values.ts";

/** A form, shown with `show()` and answered by `run`. */
export interface Modal<Services> extends Behaviour<ModalInteraction, Services, unknown> {
  kind: "modal";
  customId: CustomId;
  title: string;
  fields: ModalFields;
}
