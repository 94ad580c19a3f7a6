import { type APIMessage, ChannelType, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { changeMessage, postMessage } from "../messages/message.ts";
import { removeMessage } from "../messages/store.ts";
import { isFields } from "../validate/checks.ts";
import { channelFlags } from "../validate/message.ts";
import { permissionsIn } from "../world/permissions.ts";
import { findChannel, findMessage, messagesOf } from "../world/world.ts";
import { readBody, readCount } from "./body.ts";

/** "The past few minutes": https://docs.discord.com/developers/resources/message#create-message */
const nonceMs = 3 * 60_000;

/** Returns the routes for channels and their messages, within the permissions of the bot. */
export function channelRoutes(context: Context): Hono {
  const { world } = context;
  const app = new Hono();
  /** Messages by channel and nonce: with `enforce_nonce` a nonce repeated within some minutes returns the first message. */
  const byNonce = new Map<string | undefined, { id: string; until: number }>();

  const channelOf = (id: string) => {
    const found = findChannel(world, id);
    if (!found) throw discordErrors.unknownChannel();
    if (found.channel.type === ChannelType.GroupDM) throw discordErrors.missingAccess();
    const bits = found.guild
      ? BigInt(permissionsIn(found.guild, world.bot.id, found.channel))
      : PermissionFlagsBits.ViewChannel;
    if ((bits & PermissionFlagsBits.ViewChannel) === 0n) throw discordErrors.missingAccess();
    return found.channel;
  };
  const messageOf = (channelId: string, id: string): APIMessage => {
    const message = findMessage(world, channelOf(channelId).id, id);
    if (!message || isEphemeral(message)) throw discordErrors.unknownMessage();
    return message;
  };

  app.get("/channels/:channel", (c) => c.json(channelOf(c.req.param("channel"))));
  app.get("/channels/:channel/messages", (c) => {
    const limit = readCount(c.req.query("limit"), 50, 100);
    const messages = [...messagesOf(world, channelOf(c.req.param("channel")).id).values()];
    return c.json(
      messages
        .filter((message) => !isEphemeral(message))
        .toReversed()
        .slice(0, limit),
    );
  });
  app.post("/channels/:channel/messages", async (c) => {
    const channel = channelOf(c.req.param("channel"));
    const { body, uploads } = await readBody<unknown>(c);
    const { nonce, enforce_nonce } = isFields(body) ? body : {};
    const key = enforce_nonce === true && nonce !== undefined ? `${channel.id}/${JSON.stringify(nonce)}` : undefined;
    const known = byNonce.get(key);
    if (known && known.until > context.clock.now()) return c.json(messageOf(channel.id, known.id));
    const message = await postMessage(context, { body, uploads }, { channelId: channel.id, flags: channelFlags });
    if (key !== undefined) byNonce.set(key, { id: message.id, until: context.clock.now() + nonceMs });
    return c.json(nonce === undefined ? message : { ...message, nonce });
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
    removeMessage(context, message.channel_id, message.id);
    return c.body(null, 204);
  });
  return app;
}

const isEphemeral = ({ flags }: APIMessage): boolean => (Number(flags) & MessageFlags.Ephemeral) !== 0;
