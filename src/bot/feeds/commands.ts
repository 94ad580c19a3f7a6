import {
  channelType,
  commandContext,
  cut,
  escapeMarkdown,
  fitLines,
  type Guard,
  guildOnly,
  hasPermissions,
  type InGuild,
  isForbidden,
} from "../../discord/index.ts";
import { path } from "../../platform/index.ts";
import { channels } from "../../pubsub/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { readSettings } from "../guild-settings.ts";
import { commandTree, subcommand } from "../kit.ts";
import { openDeliveries } from "./delivery.ts";
import { type FailedDelivery, failuresIn, forgetFailures } from "./failed-deliveries.ts";
import { follow, followingsIn, maxFollowings, unfollow } from "./followings.ts";
import type { Delivery } from "./spread.ts";
import { feedChannel, isPublic, nameOf, problemWithName, topicIn } from "./topics.ts";

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
    const topics = (await followingsIn(services, guildId)).map(({ topic }) => nameOf(topic));
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
      async run({ id, options: { topic, channel }, guildId, channelId = "" }, services) {
        const problem = problemWithName(topic);
        if (problem) return problem;
        // Clients offer what the person can see; the bot may see more.
        if (channel && !hasPermissions(channel.permissions, "ViewChannel")) return "You cannot see that channel.";
        const target = channel?.id ?? (await announcementsOf(services, guildId)) ?? channelId;
        const following = { topic: topicIn(guildId, topic), channelId: target, guildId };
        if (!(await follow(services, following))) {
          return `Channels here follow ${maxFollowings} topics, the most that a server can have. \`/feed unfollow\` makes room.`;
        }
        // A channel that the bot cannot write in is refused now, not at the first post.
        try {
          await greet(services, target, topic, id);
        } catch (error) {
          await unfollow(services, following);
          if (!isForbidden(error)) throw error;
          return `The bot cannot write in <#${target}>. Let it view the channel and send messages there, then try again.`;
        }
        return `<#${target}> now follows **${topic}**.`;
      },
    }),
    unfollow: subcommand({
      description: "Stop posting a topic to a channel",
      ephemeral: true,
      guards,
      options: [followed, channelOption],
      async run({ options: { topic, channel }, guildId }, services) {
        const all = (await followingsIn(services, guildId)).filter((one) => nameOf(one.topic) === topic);
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
        const all = await followingsIn(services, guildId);
        if (all.length === 0) return "No channel here follows a topic. `/feed follow` starts one.";
        const lines = all.map(
          ({ topic, channelId, ended }) =>
            `**${nameOf(topic)}** in <#${channelId}>${ended === undefined ? "" : `, stopped: ${ended} \`/feed follow\` starts it again.`}`,
        );
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
        const problem = problemWithName(topic);
        if (problem) return problem;
        if (isPublic(topic)) {
          return `**${topic}** is for other systems: topics with a dot in their name are posted to over HTTP.`;
        }
        const channel = feedChannel(topicIn(guildId, topic));
        await services.pubsub.publish(channel, text, { id: `discord:${id}`, type: "post" });
        return `Posted to **${topic}**.`;
      },
    }),
    failed: subcommand({
      description: "List posts that could not be delivered here",
      ephemeral: true,
      guards,
      async run({ guildId }, services) {
        const failures = await failuresIn(services, guildId);
        if (failures.length === 0) return "Everything was delivered.";
        const lines = failures.map(({ topic, channelId, at, tries, reason, isGivenUp }) => {
          const state = isGivenUp ? "given up" : "still being tried";
          return `**${nameOf(topic)}** to <#${channelId}> <t:${Math.floor(at / 1_000)}:R>, ${tries} tries, ${state}: ${escapeMarkdown(cut(reason, 150))}`;
        });
        const shown = fitLines(lines, 1_900, (left) => `-# and ${left} more`);
        return `${shown}\n-# \`/feed retry\` tries again to deliver those that were given up.`;
      },
    }),
    retry: subcommand({
      description: "Try again to deliver posts that failed here",
      ephemeral: true,
      guards,
      async run({ guildId }, services) {
        const failures = (await failuresIn(services, guildId)).filter(({ isGivenUp }) => isGivenUp);
        if (failures.length === 0)
          return "There are no posts to try again here. `/feed failed` lists those that are still being tried.";
        await Promise.all(failures.map((failure) => deliverAgain(services, failure)));
        await forgetFailures(
          services,
          guildId,
          failures.map(({ id }) => id),
        );
        const { jobs, clock, waitUntil } = services;
        await jobs.wake("feeds", clock.now() + 15_000);
        waitUntil(openDeliveries(services).work({ budget: services }));
        return `Trying ${failures.length} again. \`/feed failed\` lists those that fail again.`;
      },
    }),
  },
});

// --- Internal helpers ---

const announcementsOf = async (services: Invocation, guildId: string): Promise<string | undefined> =>
  (await readSettings(services, guildId)).announcementChannelId;

/** Publishes a delivery anew, under an id derived from the failed one: a retry that is itself repeated reaches the channel once. */
const deliverAgain = ({ pubsub }: Invocation, { id, topic, channelId, guildId, data }: FailedDelivery) =>
  pubsub.publish(channels.delivery(channelId), { topic, channelId, guildId, data } satisfies Delivery, {
    id: `${id}:again`,
  });

/** Announces in a channel that it follows a topic. Throws where the bot cannot write. */
async function greet({ discord }: Invocation, channelId: string, topic: string, nonce: string): Promise<void> {
  const body = { content: `This channel now follows **${topic}**.`, nonce, enforce_nonce: true };
  await discord.post(path`/channels/${channelId}/messages`, { body, isRepeatable: true });
}

/** Returns a topic as it was typed, safe to show. */
const clean = (topic: string): string => topic.replaceAll(/[^\w.-]/g, "");
