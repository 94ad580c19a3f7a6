import type * as api from "discord-api-types/v10";
import { buttonStyle, componentType as type } from "./constants.ts";

// Components of messages, typed by discord-api-types: each fills in its number. https://docs.discord.com/developers/components/reference

type Fields<Component> = Omit<Component, "type">;
type Styled = Fields<api.APIButtonComponentWithCustomId>;

export const row = (
  ...components: api.APIComponentInMessageActionRow[]
): api.APIActionRowComponent<api.APIComponentInMessageActionRow> => ({
  type: type.actionRow,
  components,
});
/** A button that is answered by the component its custom_id belongs to. */
export const button = ({
  style = buttonStyle.secondary,
  ...fields
}: Omit<Styled, "style"> & { style?: Styled["style"] }): api.APIButtonComponentWithCustomId => ({
  type: type.button,
  style,
  ...fields,
});
export const linkButton = (
  fields: Omit<api.APIButtonComponentWithURL, "type" | "style">,
): api.APIButtonComponentWithURL => ({
  type: type.button,
  style: buttonStyle.link,
  ...fields,
});
/** Discord shows the SKU's price, and sells it: no interaction comes of it. */
export const premiumButton = (sku_id: string): api.APIButtonComponentWithSKUId => ({
  type: type.button,
  style: buttonStyle.premium,
  sku_id,
});
export const stringSelect = (fields: Fields<api.APIStringSelectComponent>): api.APIStringSelectComponent => ({
  type: type.stringSelect,
  ...fields,
});
export const userSelect = (fields: Fields<api.APIUserSelectComponent>): api.APIUserSelectComponent => ({
  type: type.userSelect,
  ...fields,
});
export const roleSelect = (fields: Fields<api.APIRoleSelectComponent>): api.APIRoleSelectComponent => ({
  type: type.roleSelect,
  ...fields,
});
export const mentionableSelect = (
  fields: Fields<api.APIMentionableSelectComponent>,
): api.APIMentionableSelectComponent => ({
  type: type.mentionableSelect,
  ...fields,
});
export const channelSelect = (fields: Fields<api.APIChannelSelectComponent>): api.APIChannelSelectComponent => ({
  type: type.channelSelect,
  ...fields,
});
/** For `default_values` of a select: what is chosen already. */
export const chosenUsers = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "user" as api.SelectMenuDefaultValueType.User }));
export const chosenRoles = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "role" as api.SelectMenuDefaultValueType.Role }));
export const chosenChannels = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "channel" as api.SelectMenuDefaultValueType.Channel }));

export const text = (content: string): api.APITextDisplayComponent => ({ type: type.textDisplay, content });
export const section = (fields: Fields<api.APISectionComponent>): api.APISectionComponent => ({
  type: type.section,
  ...fields,
});
export const thumbnail = (fields: Fields<api.APIThumbnailComponent>): api.APIThumbnailComponent => ({
  type: type.thumbnail,
  ...fields,
});
export const gallery = (...items: api.APIMediaGalleryItem[]): api.APIMediaGalleryComponent => ({
  type: type.mediaGallery,
  items,
});
export const file = (fields: Fields<api.APIFileComponent>): api.APIFileComponent => ({ type: type.file, ...fields });
export const separator = (fields: Fields<api.APISeparatorComponent> = {}): api.APISeparatorComponent => ({
  type: type.separator,
  ...fields,
});
export const container = (fields: Fields<api.APIContainerComponent>): api.APIContainerComponent => ({
  type: type.container,
  ...fields,
});
