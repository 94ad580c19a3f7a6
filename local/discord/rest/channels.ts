import { type APIMessage, ChannelType, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { changeMessage, postMessage } from "../messages/message.ts";
import { removeMessage } from "../messages/store.ts";
import { fieldsOf } from "../validate/checks.ts";
import { channelFlags } from "../validate/message.ts";
import { permissionsIn } from "../world/permissions.ts";
import { findChannel, findMessage, messagesOf } from "../world/world.ts";
import { readBody, readCount, readId } from "./body.ts";
import { newMessage, replyFields } from "./new-message.ts";

/** "The past few minutes": https://docs.discord.com/developers/resources/message#create-message */
const nonceMs = 3 * 60_000;

/** Returns the routes for channels and their messages, within the permissions of the bot. */
export function channelRoutes(context: Context): Hono {
  const { world } = context;
  const app = new Hono();
  /** Messages by channel and nonce: with `enforce_nonce` a nonce repeated within some minutes returns the first message. */
  const byNonce = new Map<string | undefined, { id: string; until: number }>();

  /** Returns whether the bot holds a permission in a channel; the ones of servers do not count in direct messages. */
  const may = (bit: bigint, { channel, guild }: Place): boolean =>
    guild === undefined || (BigInt(permissionsIn(guild, world.bot.id, channel)) & bit) !== 0n;
  const placeOf = (id: string): Place => {
    const found = findChannel(world, id);
    if (!found) throw discordErrors.unknownChannel();
    if (found.channel.type === ChannelType.GroupDM) throw discordErrors.missingAccess();
    if (!may(ViewChannel, found)) throw discordErrors.missingAccess();
    return found;
  };
  const channelOf = (id: string) => placeOf(id).channel;
  const messageOf = (channelId: string, id: string): APIMessage => {
    const message = findMessage(world, channelOf(channelId).id, id);
    if (!message || isEphemeral(message)) throw discordErrors.unknownMessage();
    return message;
  };

  app.get("/channels/:channel", (c) => c.json(channelOf(c.req.param("channel"))));
  app.get("/channels/:channel/messages", (c) => {
    const place = placeOf(c.req.param("channel"));
    const messages = may(ReadMessageHistory, place) ? [...messagesOf(world, place.channel.id).values()] : [];
    return c.json(
      page(
        messages.filter((message) => !isEphemeral(message)),
        c.req.query(),
      ),
    );
  });
  app.post("/channels/:channel/messages", async (c) => {
    const place = placeOf(c.req.param("channel"));
    const { channel } = place;
    if (!may("thread_metadata" in channel ? SendMessagesInThreads : SendMessages, place))
      throw discordErrors.missingPermissions();
    const { body, uploads } = await readBody<unknown>(c);
    const fields = fieldsOf(body);
    const errors = newMessage(fields, "");
    if (errors.length > 0) throw discordErrors.invalidForm(...errors);
    const { nonce, enforce_nonce } = fields;
    const key =
      enforce_nonce === true && nonce !== undefined && nonce !== null
        ? `${channel.id}/${JSON.stringify(nonce)}`
        : undefined;
    const known = byNonce.get(key);
    if (known && known.until > context.clock.now()) return c.json(messageOf(channel.id, known.id));
    const more = replyFields(context, fields, {
      channelId: channel.id,
      guildId: place.guild?.guild.id,
      mayRead: may(ReadMessageHistory, place),
    });
    const message = await postMessage(context, { body, uploads }, { channelId: channel.id, flags: channelFlags, more });
    if (key !== undefined) byNonce.set(key, { id: message.id, until: context.clock.now() + nonceMs });
    return c.json(nonce === undefined || nonce === null ? message : { ...message, nonce });
  });
  app.get("/channels/:channel/messages/:message", (c) =>
    c.json(messageOf(c.req.param("channel"), c.req.param("message"))),
  );
  app.patch("/channels/:channel/messages/:message", async (c) => {
    const before = messageOf(c.req.param("channel"), c.req.param("message"));
    if (before.author.id !== world.bot.id) throw discordErrors.notYours();
    return c.json(await changeMessage(context, before, await readBody<unknown>(c)));
  });
  app.delete("/channels/:channel/messages/:message", (c) => {
    const message = messageOf(c.req.param("channel"), c.req.param("message"));
    if (message.author.id !== world.bot.id && !may(ManageMessages, placeOf(message.channel_id)))
      throw discordErrors.missingPermissions();
    removeMessage(context, message.channel_id, message.id);
    return c.body(null, 204);
  });
  return app;
}

// --- Internal helpers ---

type Place = NonNullable<ReturnType<typeof findChannel>>;

const { ViewChannel, ReadMessageHistory, SendMessages, SendMessagesInThreads, ManageMessages } = PermissionFlagsBits;

/** Returns the newest messages first: those before an ID, the ones next after it, or those around it. */
function page(oldestFirst: readonly APIMessage[], query: Record<string, string>): APIMessage[] {
  const limit = readCount(query["limit"], 50, 100);
  const { before, after, around } = query;
  /** Returns how many messages are older than an ID. */
  const olderThan = (id: bigint) => oldestFirst.filter((message) => BigInt(message.id) < id).length;
  const end = before === undefined ? oldestFirst.length : olderThan(readId(before));
  let start = Math.max(0, end - limit);
  if (after !== undefined) start = olderThan(readId(after) + 1n);
  if (around !== undefined) start = Math.max(0, olderThan(readId(around)) - Math.floor(limit / 2));
  return oldestFirst.slice(start, Math.min(end, start + limit)).toReversed();
}

const isEphemeral = ({ flags }: APIMessage): boolean => (Number(flags) & MessageFlags.Ephemeral) !== 0;
