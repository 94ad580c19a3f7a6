import * as api from "discord-api-types/v10";
import { expect, it } from "vitest";
import * as own from "../../../src/discord/constants.ts";

// Tests may load the enums that the Worker leaves out.

it.each<[string, object, object]>([
  [
    "interactions",
    own.interactionType,
    {
      ping: api.InteractionType.Ping,
      command: api.InteractionType.ApplicationCommand,
      component: api.InteractionType.MessageComponent,
      autocomplete: api.InteractionType.ApplicationCommandAutocomplete,
      modal: api.InteractionType.ModalSubmit,
    },
  ],
  [
    "answers",
    own.callbackType,
    {
      pong: api.InteractionResponseType.Pong,
      message: api.InteractionResponseType.ChannelMessageWithSource,
      deferredMessage: api.InteractionResponseType.DeferredChannelMessageWithSource,
      deferredUpdate: api.InteractionResponseType.DeferredMessageUpdate,
      update: api.InteractionResponseType.UpdateMessage,
      choices: api.InteractionResponseType.ApplicationCommandAutocompleteResult,
      modal: api.InteractionResponseType.Modal,
      launchActivity: api.InteractionResponseType.LaunchActivity,
    },
  ],
  [
    "commands",
    own.commandType,
    {
      chatInput: api.ApplicationCommandType.ChatInput,
      user: api.ApplicationCommandType.User,
      message: api.ApplicationCommandType.Message,
      entryPoint: api.ApplicationCommandType.PrimaryEntryPoint,
    },
  ],
  [
    "flags of messages",
    own.messageFlags,
    {
      suppressEmbeds: api.MessageFlags.SuppressEmbeds,
      ephemeral: api.MessageFlags.Ephemeral,
      componentsV2: api.MessageFlags.IsComponentsV2,
    },
  ],
  [
    "contexts",
    own.commandContext,
    {
      guild: api.InteractionContextType.Guild,
      botDm: api.InteractionContextType.BotDM,
      privateChannel: api.InteractionContextType.PrivateChannel,
    },
  ],
  [
    "installations",
    own.installation,
    {
      guild: api.ApplicationIntegrationType.GuildInstall,
      user: api.ApplicationIntegrationType.UserInstall,
    },
  ],
])("has Discord's numbers for %s", (_what, numbers, expected) => {
  expect(numbers).toEqual(expected);
});

const { group: subcommandGroup, ...options } = own.optionType;

it.each<[string, Record<string, number>, object]>([
  ["options", { ...options, subcommandGroup }, api.ApplicationCommandOptionType],
  ["components", own.componentType, api.ComponentType],
  ["channels", own.channelType, api.ChannelType],
  ["buttons", own.buttonStyle, api.ButtonStyle],
])("has Discord's numbers for the types of %s, under the same names", (_what, numbers, expected) => {
  for (const [name, number] of Object.entries(numbers)) {
    const theirs = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    expect([name, number]).toEqual([name, Reflect.get(expected, theirs)]);
  }
});
