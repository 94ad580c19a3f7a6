import type * as api from "discord-api-types/v10";

// The numbers of Discord's API that the core uses, typed by discord-api-types. An import of its enums would put every enum of
// the API into the bundle: 26 kB gzip, more than the rest of the Worker's code.

export const interactionType = {
  ping: 1 as api.InteractionType.Ping,
  command: 2 as api.InteractionType.ApplicationCommand,
  component: 3 as api.InteractionType.MessageComponent,
  autocomplete: 4 as api.InteractionType.ApplicationCommandAutocomplete,
  modal: 5 as api.InteractionType.ModalSubmit,
};

export const callbackType = {
  pong: 1 as api.InteractionResponseType.Pong,
  message: 4 as api.InteractionResponseType.ChannelMessageWithSource,
  deferredMessage: 5 as api.InteractionResponseType.DeferredChannelMessageWithSource,
  deferredUpdate: 6 as api.InteractionResponseType.DeferredMessageUpdate,
  update: 7 as api.InteractionResponseType.UpdateMessage,
  choices: 8 as api.InteractionResponseType.ApplicationCommandAutocompleteResult,
  modal: 9 as api.InteractionResponseType.Modal,
  launchActivity: 12 as api.InteractionResponseType.LaunchActivity,
};

export const commandType = {
  chatInput: 1 as api.ApplicationCommandType.ChatInput,
  user: 2 as api.ApplicationCommandType.User,
  message: 3 as api.ApplicationCommandType.Message,
  entryPoint: 4 as api.ApplicationCommandType.PrimaryEntryPoint,
};

export const optionType = {
  subcommand: 1 as api.ApplicationCommandOptionType.Subcommand,
  group: 2 as api.ApplicationCommandOptionType.SubcommandGroup,
  string: 3 as api.ApplicationCommandOptionType.String,
  integer: 4 as api.ApplicationCommandOptionType.Integer,
  boolean: 5 as api.ApplicationCommandOptionType.Boolean,
  user: 6 as api.ApplicationCommandOptionType.User,
  channel: 7 as api.ApplicationCommandOptionType.Channel,
  role: 8 as api.ApplicationCommandOptionType.Role,
  mentionable: 9 as api.ApplicationCommandOptionType.Mentionable,
  number: 10 as api.ApplicationCommandOptionType.Number,
  attachment: 11 as api.ApplicationCommandOptionType.Attachment,
};

export const componentType = {
  actionRow: 1 as api.ComponentType.ActionRow,
  button: 2 as api.ComponentType.Button,
  stringSelect: 3 as api.ComponentType.StringSelect,
  textInput: 4 as api.ComponentType.TextInput,
  userSelect: 5 as api.ComponentType.UserSelect,
  roleSelect: 6 as api.ComponentType.RoleSelect,
  mentionableSelect: 7 as api.ComponentType.MentionableSelect,
  channelSelect: 8 as api.ComponentType.ChannelSelect,
  section: 9 as api.ComponentType.Section,
  textDisplay: 10 as api.ComponentType.TextDisplay,
  thumbnail: 11 as api.ComponentType.Thumbnail,
  mediaGallery: 12 as api.ComponentType.MediaGallery,
  file: 13 as api.ComponentType.File,
  separator: 14 as api.ComponentType.Separator,
  container: 17 as api.ComponentType.Container,
  label: 18 as api.ComponentType.Label,
  fileUpload: 19 as api.ComponentType.FileUpload,
  radioGroup: 21 as api.ComponentType.RadioGroup,
  checkboxGroup: 22 as api.ComponentType.CheckboxGroup,
  checkbox: 23 as api.ComponentType.Checkbox,
};

/** Types of channels in a server in which people write. */
export const channelType = {
  guildText: 0 as api.ChannelType.GuildText,
  guildAnnouncement: 5 as api.ChannelType.GuildAnnouncement,
};

export const buttonStyle = {
  primary: 1 as api.ButtonStyle.Primary,
  secondary: 2 as api.ButtonStyle.Secondary,
  success: 3 as api.ButtonStyle.Success,
  danger: 4 as api.ButtonStyle.Danger,
  link: 5 as api.ButtonStyle.Link,
  premium: 6 as api.ButtonStyle.Premium,
};

export const messageFlags = {
  suppressEmbeds: 4 as api.MessageFlags.SuppressEmbeds,
  ephemeral: 64 as api.MessageFlags.Ephemeral,
  componentsV2: 32_768 as api.MessageFlags.IsComponentsV2,
};

/** For `contexts`: where a command is shown. */
export const commandContext = {
  guild: 0 as api.InteractionContextType.Guild,
  botDm: 1 as api.InteractionContextType.BotDM,
  privateChannel: 2 as api.InteractionContextType.PrivateChannel,
};

/** For `integration_types`: who may install a command. */
export const installation = {
  guild: 0 as api.ApplicationIntegrationType.GuildInstall,
  user: 1 as api.ApplicationIntegrationType.UserInstall,
};
