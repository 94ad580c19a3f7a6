import { type APIMessage, MessageFlags } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { DiscordError, discordErrors } from "../errors.ts";
import { type Callback, takeCallback } from "../interactions/callback.ts";
import { notify } from "../interactions/changes.ts";
import type { InteractionRecord } from "../interactions/record.ts";
import { createResponse, liveRecord } from "../interactions/response.ts";
import { changeMessage, type Draft } from "../messages/message.ts";
import { removeMessage } from "../messages/store.ts";
import { isFields } from "../validate/checks.ts";
import { findMessage } from "../world/world.ts";
import { isTrue, readBody } from "./body.ts";

/** Returns the routes that an interaction's token opens, without the bot's: callback, original answer, follow-ups. */
export function webhookRoutes(context: Context): Hono {
  const app = new Hono();

  app.post("/interactions/:id/:token/callback", async (c) => {
    const record = context.interactions.get(c.req.param("token"));
    if (record?.id !== c.req.param("id")) throw discordErrors.unknownInteraction();
    const { body, uploads } = await readBody<Callback>(c);
    await takeCallback(context, record, isFields(body) ? body : {}, uploads);
    if (!isTrue(c.req.query("with_response"))) return c.body(null, 204);
    const { answer } = record;
    const message = answer.kind === "message" ? answer.message : undefined;
    return c.json({
      interaction: {
        id: record.id,
        type: record.type,
        response_message_id: record.originalId,
        ...(message && { response_message_loading: false, response_message_ephemeral: isPrivate(message) }),
        ...(answer.kind === "deferred" && {
          response_message_loading: true,
          response_message_ephemeral: answer.isEphemeral,
        }),
      },
      ...(message && { resource: { type: body.type, message } }),
    });
  });

  /** Returns the record of an answered interaction by the token in the path. */
  const recordOf = async (applicationId: string, token: string): Promise<InteractionRecord> => {
    if (applicationId !== context.applicationId) throw discordErrors.unknownWebhook();
    const record = await liveRecord(context, token);
    if (record.answer.kind === "none") throw discordErrors.unknownWebhook();
    return record;
  };

  const find = (record: InteractionRecord, name: string): APIMessage => {
    const id = name === "@original" ? record.originalId : record.followUps.find((one) => one === name);
    const message = findMessage(context.world, record.channelId, id);
    if (!message) throw discordErrors.unknownMessage();
    return message;
  };

  /** Replaces "thinking…" with a message. The deferral has decided whether it is ephemeral. */
  async function resolveDeferral(record: InteractionRecord, draft: Draft) {
    const isEphemeral = record.answer.kind === "deferred" && record.answer.isEphemeral;
    const message = await createResponse(context, record, draft, isEphemeral);
    record.originalId = message.id;
    record.answer = { kind: "message", message };
    notify(context, record);
    return message;
  }

  app.post("/webhooks/:application/:token", async (c) => {
    const record = await recordOf(c.req.param("application"), c.req.param("token"));
    const draft = await readBody<unknown>(c);
    // The first follow-up still replaces "thinking…" at Discord, which calls that deprecated.
    if (record.answer.kind === "deferred") return c.json(await resolveDeferral(record, draft));
    if (record.isUserInstall && record.followUps.length >= 5) {
      throw new DiscordError(400, 40_094, "Maximum number of follow up messages for this interaction reached");
    }
    const message = await createResponse(context, record, draft);
    record.followUps.push(message.id);
    notify(context, record);
    return c.json(message);
  });

  app.get("/webhooks/:application/:token/messages/:message", async (c) => {
    const record = await recordOf(c.req.param("application"), c.req.param("token"));
    return c.json(find(record, c.req.param("message")));
  });

  app.patch("/webhooks/:application/:token/messages/:message", async (c) => {
    const record = await recordOf(c.req.param("application"), c.req.param("token"));
    const draft = await readBody<unknown>(c);
    const name = c.req.param("message");
    if (name === "@original" && record.answer.kind === "deferred") return c.json(await resolveDeferral(record, draft));
    const message = await changeMessage(context, find(record, name), draft);
    if (message.id === record.originalId) record.answer = { kind: "message", message };
    notify(context, record);
    return c.json(message);
  });

  app.delete("/webhooks/:application/:token/messages/:message", async (c) => {
    const record = await recordOf(c.req.param("application"), c.req.param("token"));
    if (c.req.param("message") === "@original" && record.answer.kind === "deferred") {
      // A follow-up is then a separate message.
      record.answer = { kind: "acknowledged" };
    } else {
      const message = find(record, c.req.param("message"));
      removeMessage(context, message.channel_id, message.id);
    }
    notify(context, record);
    return c.body(null, 204);
  });

  return app;
}

// --- Internal helpers ---

const isPrivate = ({ flags }: APIMessage): boolean => (Number(flags) & MessageFlags.Ephemeral) !== 0;
