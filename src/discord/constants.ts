import type * as api from "discord-api-types/v10";

// The numbers of Discord's API that the core uses, typed by discord-api-types. Importing its enums themselves would put
// every enum of the API into the bundle: 26 kB gzip, more than the rest of the Worker's own code.

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
  choices: 8 as api.InteractionResponseType.ApplicationCommandAutocompleteResult,
};

export const commandType = { chatInput: 1 as api.ApplicationCommandType.ChatInput };

export const messageFlags = { ephemeral: 64 as api.MessageFlags.Ephemeral };
