import type {
  APIModalInteractionResponseCallbackComponent,
  APIModalInteractionResponseCallbackData,
} from "discord-api-types/v10";
import { componentType } from "../constants.ts";
import type { ModalField, ModalFields } from "./values.ts";

const types: Record<Exclude<ModalField["type"], "display">, number> = {
  text: componentType.textInput,
  "string-select": componentType.stringSelect,
  "user-select": componentType.userSelect,
  "role-select": componentType.roleSelect,
  "mentionable-select": componentType.mentionableSelect,
  "channel-select": componentType.channelSelect,
  file: componentType.fileUpload,
  radio: componentType.radioGroup,
  checkboxes: componentType.checkboxGroup,
  checkbox: componentType.checkbox,
};

/** Returns a form in Discord's own shape: each field inside its label, with its name as custom_id. */
export const modalBody = (
  custom_id: string,
  title: string,
  fields: ModalFields,
): APIModalInteractionResponseCallbackData => ({
  custom_id,
  title,
  components: Object.entries(fields).map(([name, field]) => componentOf(name, field)),
});

function componentOf(name: string, field: ModalField): APIModalInteractionResponseCallbackComponent {
  if (field.type === "display") return { type: componentType.textDisplay, content: field.content };
  const { type, label, description, ...rest } = field;
  const component = {
    ...rest,
    type: types[type],
    custom_id: name,
    ...(type === "text" && { style: "style" in field && field.style === "paragraph" ? 2 : 1 }),
  };
  return {
    type: componentType.label,
    label,
    ...(description !== undefined && { description }),
    component,
  };
}
