import {
  channelType,
  commandContext,
  cut,
  DiscordApiError,
  escapeMarkdown,
  fitLines,
  type Guard,
  guildOnly,
  hasPermissions,
  type InGuild,
} from "../../discord/index.ts";
import { path } from "../../platform/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { readSettings } from "../guild-settings.ts";
import { commandTree, subcommand } from "../kit.ts";
import { type Delivery, openDeliveries } from "./delivery.ts";
import { feedChannel, follow, followedIn, ownTopic, problemWithTopic, unfollow } from "./topics.ts";

/** Lets people through who can manage the server, or have a role that `/setup` names. */
const managers: Guard<Invocation> = async ({ guildId, member }, services) => {
  if (hasPermissions(member?.permissions, "ManageGuild")) return undefined;
  const managerRoleIds = guildId === undefined ? [] : (await readSettings(services, guildId)).managerRoleIds;
  if (member?.roles.some((role) => managerRoleIds.includes(role))) return undefined;
  return "You need **Manage Guild** for this, or a role that `/setup` names.";
};
const guards = [guildOnly, managers] as const;

const topicOption = {
  type: "string",
  name: "topic",
  description: "A topic, such as releases",
  required: true,
  max_length: 50,
} as const;
const followed = {
  ...topicOption,
  autocomplete: async (typed: string, { guildId }: InGuild, services: Invocation) => {
    const topics = (await followedIn(services, guildId)).map(({ topic }) => topic);
    return [...new Set(topics)].filter((topic) => topic.includes(typed));
  },
} as const;
const channelOption = {
  type: "channel",
  name: "channel",
  description: "Where to post (default: the announcement channel, or this one)",
  channel_types: [channelType.guildText, channelType.guildAnnouncement],
} as const;

export const feed = commandTree({
  name: "feed",
  description: "Topics, and the channels that follow them",
  contexts: [commandContext.guild],
  subcommands: {
    follow: subcommand({
      description: "Post a topic to a channel",
      ephemeral: true,
      guards,
      options: [topicOption, channelOption],
      async run({ id, options, guildId, channelId = "" }, services) {
        const problem = problemWithTopic(options.topic);
        if (problem) return problem;
        const target = options.channel?.id ?? (await announcementsOf(services, guildId)) ?? channelId;
        // A channel that the bot cannot write in is refused now, not at the first post.
        const refusal = await greet(services, target, options.topic, id);
        if (refusal) return refusal;
        await follow(services, { topic: options.topic, channelId: target, guildId });
        return `<#${target}> now follows **${options.topic}**.`;
      },
    }),
    unfollow: subcommand({
      description: "Stop posting a topic to a channel",
      ephemeral: true,
      guards,
      options: [followed, channelOption],
      async run({ options: { topic, channel }, guildId }, services) {
        const all = (await followedIn(services, guildId)).filter((one) => one.topic === topic);
        const meant = channel ? all.filter(({ channelId }) => channelId === channel.id) : all;
        if (meant.length === 0)
          return `No channel here follows **${clean(topic)}**. \`/feed list\` shows what they follow.`;
        await Promise.all(meant.map((one) => unfollow(services, one)));
        return `${meant.map(({ channelId }) => `<#${channelId}>`).join(", ")} no longer follows **${topic}**.`;
      },
    }),
    list: subcommand({
      description: "List the topics that channels here follow",
      ephemeral: true,
      guards: [guildOnly],
      async run({ guildId }, services) {
        const all = await followedIn(services, guildId);
        if (all.length === 0) return "No channel here follows a topic. `/feed follow` starts one.";
        const lines = all.map(({ topic, channelId }) => `**${topic}** in <#${channelId}>`);
        return fitLines(lines, 2_000, (left) => `-# and ${left} more`);
      },
    }),
    publish: subcommand({
      description: "Post to every channel that follows a topic",
      ephemeral: true,
      guards,
      once: true,
      options: [
        topicOption,
        { type: "string", name: "text", description: "What to post", required: true, max_length: 1_500 },
      ],
      async run({ id, options: { topic, text }, guildId }, services) {
        const problem = problemWithTopic(topic);
        if (problem) return problem;
        if (!(await ownTopic(services, topic, guildId))) {
          return topic.includes(".")
            ? `**${topic}** is for other systems: topics with a dot in their name are posted to over HTTP.`
            : `**${topic}** belongs to another server. You can follow it, and post to one of your own.`;
        }
        await services.pubsub.publish(feedChannel(topic), text, { id: `discord:${id}`, type: "post" });
        return `Posted to **${topic}**.`;
      },
    }),
    failed: subcommand({
      description: "List posts that could not be delivered here",
      ephemeral: true,
      guards,
      async run({ guildId }, services) {
        const letters = await deadLettersIn(services, guildId);
        if (letters.length === 0) return "Everything was delivered.";
        const lines = letters.map(({ message, reason, deliveries }) => {
          const { topic, channelId } = message.data as Delivery;
          return `**${topic}** to <#${channelId}> <t:${Math.floor(message.time / 1_000)}:R>, ${deliveries} tries: ${escapeMarkdown(cut(reason, 150))}`;
        });
        const shown = fitLines(lines, 1_900, (left) => `-# and ${left} more`);
        return `${shown}\n-# \`/feed retry\` tries them again.`;
      },
    }),
    retry: subcommand({
      description: "Try again to deliver posts that failed here",
      ephemeral: true,
      guards,
      async run({ guildId }, services) {
        const ids = (await deadLettersIn(services, guildId)).map(({ id }) => id);
        if (ids.length === 0) return "Everything was delivered.";
        const { replayed, failed } = await openDeliveries(services).replay({ ids });
        return failed === 0 ? `Delivered ${replayed}.` : `Delivered ${replayed}; ${failed} failed again.`;
      },
    }),
  },
});

// --- Internal helpers ---

const announcementsOf = async (services: Invocation, guildId: string): Promise<string | undefined> =>
  (await readSettings(services, guildId)).announcementChannelId;

async function deadLettersIn(services: Invocation, guildId: string) {
  const letters = await openDeliveries(services).deadLetters({ count: 200 });
  return letters.filter(({ message }) => (message.data as Partial<Delivery> | null)?.guildId === guildId).slice(0, 10);
}

/** Announces in a channel that it follows a topic. Returns why that is not possible, if it is not. */
async function greet(
  { discord }: Invocation,
  channelId: string,
  topic: string,
  nonce: string,
): Promise<string | undefined> {
  try {
    const content = `This channel now follows **${topic}**.`;
    const body = { content, allowed_mentions: { parse: [] }, nonce, enforce_nonce: true };
    await discord.post(path`/channels/${channelId}/messages`, { body, isRepeatable: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof DiscordApiError) || (error.status !== 403 && error.status !== 404)) throw error;
    return `The bot cannot write in <#${channelId}>. Let it view the channel and send messages there, then try again.`;
  }
}

/** Returns a topic as it was typed, safe to show. */
const clean = (topic: string): string => topic.replaceAll(/[^\w.-]/g, "").slice(0, 50);
