import { type APIMessage, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { checkMessage, createMessage, editMessage, type MessageBody } from "../messages.ts";
import { permissionsIn } from "../world/permissions.ts";
import { findChannel, messagesOf } from "../world/world.ts";
import { readBody } from "./body.ts";

interface NewMessage extends MessageBody {
  nonce?: string | number;
  enforce_nonce?: boolean;
}

/** Channels and the messages in them, as the bot may see them. */
export function channelRoutes(context: Context): Hono {
  const { world, clock } = context;
  const app = new Hono();
  /** Messages by channel and nonce: with `enforce_nonce` a second one of the same nonce is the first. */
  const byNonce = new Map<string, string>();

  const channelOf = (id: string) => {
    const found = findChannel(world, id);
    if (!found) throw discordErrors.unknownChannel();
    const bits = found.guild
      ? BigInt(permissionsIn(found.guild, world.bot.id, found.channel))
      : PermissionFlagsBits.ViewChannel;
    if ((bits & PermissionFlagsBits.ViewChannel) === 0n) throw discordErrors.missingAccess();
    return found.channel;
  };
  const messageOf = (channelId: string, id: string): APIMessage => {
    const message = messagesOf(world, channelOf(channelId).id).get(id);
    if (!message) throw discordErrors.unknownMessage();
    return message;
  };

  app.get("/channels/:channel", (c) => c.json(channelOf(c.req.param("channel"))));
  app.get("/channels/:channel/messages", (c) => {
    const limit = Math.min(100, Math.max(1, Number(c.req.query("limit") ?? 50)));
    const visible = [...messagesOf(world, channelOf(c.req.param("channel")).id).values()].filter(
      ({ flags = 0 }) => (flags & MessageFlags.Ephemeral) === 0,
    );
    return c.json(visible.toReversed().slice(0, limit));
  });
  app.post("/channels/:channel/messages", async (c) => {
    const channel = channelOf(c.req.param("channel"));
    const { body, files } = await readBody<NewMessage>(c);
    if ((body.flags ?? 0) & MessageFlags.Ephemeral) {
      throw discordErrors.invalidForm({
        path: "flags",
        code: "MESSAGE_FLAGS_INVALID",
        message: "Invalid message flags.",
      });
    }
    checkMessage(body, "", files.length);
    const nonce = body.enforce_nonce && body.nonce !== undefined ? `${channel.id}/${body.nonce}` : undefined;
    const known = nonce === undefined ? undefined : byNonce.get(nonce);
    if (known !== undefined) return c.json(messageOf(channel.id, known));
    const message = createMessage(body, {
      id: context.createId(),
      channelId: channel.id,
      author: world.bot,
      at: clock.now(),
    });
    messagesOf(world, channel.id).set(message.id, message);
    if (nonce !== undefined) byNonce.set(nonce, message.id);
    return c.json(body.nonce === undefined ? message : { ...message, nonce: body.nonce });
  });
  app.get("/channels/:channel/messages/:message", (c) =>
    c.json(messageOf(c.req.param("channel"), c.req.param("message"))),
  );
  app.patch("/channels/:channel/messages/:message", async (c) => {
    const before = messageOf(c.req.param("channel"), c.req.param("message"));
    const { body, files } = await readBody<MessageBody>(c);
    const message = editMessage(before, body, clock.now());
    checkMessage(message, "", files.length);
    messagesOf(world, message.channel_id).set(message.id, message);
    return c.json(message);
  });
  app.delete("/channels/:channel/messages/:message", (c) => {
    const message = messageOf(c.req.param("channel"), c.req.param("message"));
    messagesOf(world, message.channel_id).delete(message.id);
    return c.body(null, 204);
  });
  return app;
}
