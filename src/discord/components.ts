import type * as api from "discord-api-types/v10";
import { buttonStyle, componentType as type } from "./constants.ts";

// Components of messages in Discord's own fields; each function fills in the number of its type.
// https://docs.discord.com/developers/components/reference

type Fields<Component> = Omit<Component, "type">;
type Styled = Fields<api.APIButtonComponentWithCustomId>;

/**
 * Returns a row of up to five buttons, or one menu.
 *
 * @example
 * components: [row(button({ label: "Yes", custom_id: vote.id({ choice: 1 }) }), linkButton({ label: "Rules", url }))]
 */
export const row = (
  ...components: api.APIComponentInMessageActionRow[]
): api.APIActionRowComponent<api.APIComponentInMessageActionRow> => ({
  type: type.actionRow,
  components,
});
/**
 * Returns a button. A click runs the component whose pattern matches its custom_id. Default style: secondary.
 *
 * @example
 * button({ label: "Delete", style: buttonStyle.danger, custom_id: remove.id({ note: "7" }) })
 */
export const button = ({
  style = buttonStyle.secondary,
  ...fields
}: Omit<Styled, "style"> & { style?: Styled["style"] }): api.APIButtonComponentWithCustomId => ({
  type: type.button,
  style,
  ...fields,
});
/** Returns a button that opens an address. */
export const linkButton = (
  fields: Omit<api.APIButtonComponentWithURL, "type" | "style">,
): api.APIButtonComponentWithURL => ({
  type: type.button,
  style: buttonStyle.link,
  ...fields,
});
/** Returns a button that sells an SKU. Discord shows its price and sells it; no interaction follows. */
export const premiumButton = (sku_id: string): api.APIButtonComponentWithSKUId => ({
  type: type.button,
  style: buttonStyle.premium,
  sku_id,
});
/**
 * Returns a menu of texts. A choice runs the component whose pattern matches its custom_id.
 *
 * @example
 * row(stringSelect({ custom_id: colour.id(), options: [{ label: "Red", value: "#f00" }] }))
 */
export const stringSelect = (fields: Fields<api.APIStringSelectComponent>): api.APIStringSelectComponent => ({
  type: type.stringSelect,
  ...fields,
});
/** Returns a menu of people. */
export const userSelect = (fields: Fields<api.APIUserSelectComponent>): api.APIUserSelectComponent => ({
  type: type.userSelect,
  ...fields,
});
/** Returns a menu of roles. */
export const roleSelect = (fields: Fields<api.APIRoleSelectComponent>): api.APIRoleSelectComponent => ({
  type: type.roleSelect,
  ...fields,
});
/** Returns a menu of people and roles. */
export const mentionableSelect = (
  fields: Fields<api.APIMentionableSelectComponent>,
): api.APIMentionableSelectComponent => ({
  type: type.mentionableSelect,
  ...fields,
});
/** Returns a menu of channels. */
export const channelSelect = (fields: Fields<api.APIChannelSelectComponent>): api.APIChannelSelectComponent => ({
  type: type.channelSelect,
  ...fields,
});
/**
 * Returns `default_values` of a menu: the people that are chosen already.
 *
 * @example
 * userSelect({ custom_id: who.id(), default_values: chosenUsers("1100000000000000011") })
 */
export const chosenUsers = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "user" as api.SelectMenuDefaultValueType.User }));
/** Returns `default_values` of a menu: the roles that are chosen already. */
export const chosenRoles = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "role" as api.SelectMenuDefaultValueType.Role }));
/** Returns `default_values` of a menu: the channels that are chosen already. */
export const chosenChannels = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, type: "channel" as api.SelectMenuDefaultValueType.Channel }));

/**
 * Returns Markdown text. Like all components below it needs `flags: messageFlags.componentsV2`.
 *
 * @example
 * run: () => ({
 *   flags: messageFlags.componentsV2,
 *   components: [container({ components: [text("**Tea**"), separator(), text("Black")] })],
 * })
 */
export const text = (content: string): api.APITextDisplayComponent => ({ type: type.textDisplay, content });
/** Returns texts with a thumbnail or button beside them. */
export const section = (fields: Fields<api.APISectionComponent>): api.APISectionComponent => ({
  type: type.section,
  ...fields,
});
/** Returns a small picture, as the accessory of a section. */
export const thumbnail = (fields: Fields<api.APIThumbnailComponent>): api.APIThumbnailComponent => ({
  type: type.thumbnail,
  ...fields,
});
/** Returns up to ten pictures and videos. */
export const gallery = (...items: api.APIMediaGalleryItem[]): api.APIMediaGalleryComponent => ({
  type: type.mediaGallery,
  items,
});
/** Returns a file of the message: `{ file: { url: "attachment://a.txt" } }`. */
export const file = (fields: Fields<api.APIFileComponent>): api.APIFileComponent => ({ type: type.file, ...fields });
/** Returns a gap or a line between components. */
export const separator = (fields: Fields<api.APISeparatorComponent> = {}): api.APISeparatorComponent => ({
  type: type.separator,
  ...fields,
});
/** Returns a box around components. */
export const container = (fields: Fields<api.APIContainerComponent>): api.APIContainerComponent => ({
  type: type.container,
  ...fields,
});
