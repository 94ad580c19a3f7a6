import {
  channelType,
  chosenChannels,
  chosenRoles,
  commandContext,
  guildOnly,
  needsPermissions,
} from "../discord/index.ts";
import {
  forgetSettings,
  languages,
  readSettings,
  type Settings,
  saveSettings,
  settingsSchema,
} from "./guild-settings.ts";
import { command, feature, wizard } from "./kit.ts";
import { noSuchZone, readZone } from "./time-zone.ts";

/** Asks for a server's settings step by step. */
const begin = command({
  name: "setup",
  description: "Set this server up, step by step",
  contexts: [commandContext.guild],
  default_member_permissions: ["ManageGuild"],
  guards: [guildOnly],
  ephemeral: true,
  options: [{ type: "boolean", name: "anew", description: "Start over instead of continuing where you left off" }],
  load: ({ guildId }, services) => readSettings(services, guildId),
  run: (interaction, services, draft) =>
    setupWizard.begin(interaction, services, { draft, isAnew: interaction.options.anew ?? false }),
});

const setupWizard = wizard({
  name: "setup",
  title: "Setting up this server",
  command: "/setup",
  guards: [guildOnly],
  schema: settingsSchema,
  steps: ({ menu, form }) => [
    menu({
      name: "language",
      title: "Language",
      text: "Which language do people speak here?",
      type: "string-select",
      menu: ({ language }) => ({
        placeholder: "Language",
        options: Object.entries(languages).map(([value, label]) => ({ value, label, default: value === language })),
      }),
      take: ([language], draft) => ({ ...draft, language: language as Settings["language"] }),
    }),
    menu({
      name: "channel",
      title: "Announcements",
      text: "Where should the bot post announcements? Choose no channel for none.",
      type: "channel-select",
      menu: ({ announcementChannelId: id }) => ({
        placeholder: "Channel",
        min_values: 0,
        channel_types: [channelType.guildText, channelType.guildAnnouncement],
        default_values: chosenChannels(...(id === undefined ? [] : [id])),
      }),
      take: ([channel], { announcementChannelId: _before, ...draft }) => ({
        ...draft,
        ...(channel && { announcementChannelId: channel.id }),
      }),
    }),
    menu({
      name: "roles",
      title: "Managers",
      text: "Which roles may manage the bot, besides people who can manage the server?",
      type: "role-select",
      menu: ({ managerRoleIds }) => ({
        placeholder: "Roles",
        min_values: 0,
        max_values: 10,
        default_values: chosenRoles(...managerRoleIds),
      }),
      take: (roles, draft) => ({ ...draft, managerRoleIds: roles.map(({ id }) => id) }),
    }),
    form({
      name: "words",
      title: "Time zone and greeting",
      text: ({ timeZone, greeting }) => `**Time zone** ${timeZone}\n**Greeting** ${greeting || "none"}`,
      isReady: ({ timeZone }) => readZone(timeZone) !== undefined,
      label: "Change them",
      fields: {
        timeZone: {
          type: "text",
          label: "Time zone",
          description: "Such as Europe/Berlin, New York or UTC+2",
          max_length: 64,
        },
        greeting: {
          type: "text",
          style: "paragraph",
          label: "Greeting",
          description: "The first line of /help here",
          required: false,
          max_length: 500,
        },
      },
      fill: ({ timeZone, greeting }) => ({
        timeZone: { value: timeZone },
        ...(greeting !== "" && { greeting: { value: greeting } }),
      }),
      take({ timeZone, greeting }, draft) {
        const zone = readZone(timeZone);
        const entered = { ...draft, timeZone: zone ?? timeZone.trim(), greeting: greeting.trim() };
        return zone === undefined ? { draft: entered, problem: noSuchZone(timeZone) } : entered;
      },
    }),
  ],
  review: ({ language, announcementChannelId, managerRoleIds, timeZone, greeting }) =>
    [
      `**Language** ${languages[language]}`,
      `**Announcements** ${announcementChannelId === undefined ? "nowhere" : `<#${announcementChannelId}>`}`,
      `**Managers** ${managerRoleIds.map((id) => `<@&${id}>`).join(" ") || "no roles"}`,
      `**Time zone** ${timeZone}`,
      `**Greeting** ${greeting || "none"}`,
    ].join("\n"),
  async save(settings, { guildId }, services) {
    await saveSettings(services, guildId, settings);
    return "Saved. `/setup` changes it again.";
  },
});

export const setup = feature({
  name: "setup",
  guards: [guildOnly, needsPermissions("ManageGuild")],
  handlers: [begin, ...setupWizard.handlers],
  forgetGuild: forgetSettings,
});
