import type { APIMessage } from "discord-api-types/v10";
import { type Clock, path } from "../../platform/index.ts";
import { type Message, messageOf, type Reply, toSend } from "../answer.ts";
import type { DiscordRest } from "./client.ts";
import { DiscordApiError } from "./errors.ts";
import { splitFiles } from "./multipart.ts";

/** The interaction takes no more messages: its 15 minutes are over, or its follow-ups used up. */
export class InteractionOverError extends Error {
  override readonly name = "InteractionOverError";
}

export interface WebhookOptions {
  rest: DiscordRest;
  token: string;
  /** The arrival of the interaction, in epoch milliseconds. */
  receivedAt: number;
  /** Whether only the person installed the application: Discord allows five follow-ups then. */
  isUserInstall: boolean;
  clock: Pick<Clock, "now" | "sleep">;
}

/**
 * The messages that follow a first answer. Methods throw as `DiscordRest`, and `InteractionOverError` once Discord takes no
 * more.
 * Cost: 1 request to Discord for each call.
 */
export interface InteractionWebhook {
  /** Sends another message. */
  followUp(reply: Reply): Promise<APIMessage>;
  /** Changes the first answer, or a follow-up by its id. */
  edit(reply: Reply, messageId?: string): Promise<APIMessage>;
  /** Deletes the first answer, or a follow-up by its id. */
  remove(messageId?: string): Promise<void>;
}

const tokenLifeMs = 15 * 60_000;
const maxUserFollowUps = 5;
/** For this long Discord may not have read the first answer yet. */
const justAnsweredMs = 5_000;
const againMs = 750;

/**
 * Opens the webhook of an interaction.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
 */
export function createInteractionWebhook({
  rest,
  token,
  receivedAt,
  isUserInstall,
  clock,
}: WebhookOptions): InteractionWebhook {
  const base = path`/webhooks/${rest.applicationId}/${token}`;
  const messagePath = (id: string) => `${base}${path`/messages/${id}`}`;
  let followUps = 0;

  async function send<T>(call: (isFresh: boolean) => Promise<T>): Promise<T> {
    if (clock.now() - receivedAt > tokenLifeMs) {
      throw new InteractionOverError("The 15 minutes in which this interaction could be answered are over.");
    }
    try {
      return await call(false);
    } catch (error) {
      const isTooEarly = error instanceof DiscordApiError && error.code === 10_015 && !error.isRemembered;
      if (!isTooEarly || clock.now() - receivedAt > justAnsweredMs) throw explain(error);
      await clock.sleep(againMs);
      return call(true).catch((second: unknown) => {
        throw explain(second);
      });
    }
  }

  const body = (message: Message) => {
    const { json, files } = splitFiles(toSend(message));
    return { body: json, files };
  };

  return {
    followUp(reply) {
      if (isUserInstall && followUps >= maxUserFollowUps) return Promise.reject(new InteractionOverError(tooMany));
      followUps += 1;
      return send((isFresh) => rest.post<APIMessage>(base, { ...body(messageOf(reply)), isFresh }));
    },
    edit: (reply, messageId = "@original") =>
      send((isFresh) => rest.patch<APIMessage>(messagePath(messageId), { ...body(messageOf(reply)), isFresh })),
    remove: (messageId = "@original") => send((isFresh) => rest.delete(messagePath(messageId), { isFresh })),
  };
}

// --- Internal helpers ---

const tooMany =
  "An application that only the person installed may follow up five times. Edit a message instead, or ask for an install to the server.";

function explain(error: unknown): unknown {
  if (!(error instanceof DiscordApiError)) return error;
  if (error.code === 40_094) return new InteractionOverError(tooMany, { cause: error });
  if (error.code === 50_027) {
    return new InteractionOverError("Discord no longer takes this interaction's token: its 15 minutes are over.", {
      cause: error,
    });
  }
  return error;
}
