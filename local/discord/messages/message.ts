import { type APIMessage, MessageFlags } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { type Fields, fieldsOf, join, textOf, wrong } from "../validate/checks.ts";
import { checkMessage, checkWhole } from "../validate/message.ts";
import { withIds } from "./component-ids.ts";
import { defaultMentions, mentionsIn } from "./mentions.ts";
import { keepPoll } from "./poll.ts";
import { keepMessage } from "./store.ts";
import { checkUploads, keepUploads, keptAttachments, type Upload } from "./uploads.ts";

/** A message or an edit as a request brings it, unchecked. */
export interface Draft {
  body: unknown;
  uploads: readonly Upload[];
  /** Where the body is in the request: `data` in a callback. Default: the request itself. */
  path?: string;
}

export interface PostOptions {
  channelId: string;
  /** The flags that may be set. */
  flags: number;
  /** The person who alone sees the message if it is ephemeral. */
  privateTo?: string | undefined;
  /** Set where a deferral has decided it. Default: the flags of the body decide. */
  isEphemeral?: boolean | undefined;
  /** More fields of the message. */
  more?: object;
}

const { Ephemeral, SuppressEmbeds, IsComponentsV2 } = MessageFlags;

/** Posts a message and returns it. Throws the error with which Discord refuses one. */
export async function postMessage(context: Context, draft: Draft, options: PostOptions): Promise<APIMessage> {
  const { body, uploads, path = "" } = draft;
  checkMessage(body, { path, flags: options.flags });
  const fields = fieldsOf(body, path);
  const asked = Number(fields["flags"]);
  const isEphemeral = options.isEphemeral ?? (asked & Ephemeral) !== 0;
  const { channelId } = options;
  const kept = checkUploads(uploads, fields["attachments"], { path });
  checkWhole({ ...fields, attachments: kept }, { path });
  const message = {
    id: context.createId(),
    channel_id: channelId,
    author: context.world.bot,
    content: textOf(fields["content"]).trim(),
    timestamp: new Date(context.clock.now()).toISOString(),
    edited_timestamp: null,
    tts: fields["tts"] === true,
    ...mentionsIn(
      context,
      { ...fields, ...options.more },
      defaultMentions[options.privateTo === undefined ? "channel" : "interaction"],
    ),
    attachments: await keepUploads(context, uploads, fields["attachments"], { channelId, isEphemeral }),
    embeds: fields["embeds"] ?? [],
    components: withIds(fields["components"] ?? []),
    pinned: false,
    type: 0,
    flags: (asked & ~Ephemeral) | (isEphemeral ? Ephemeral : 0),
    ...(fields["poll"] ? { poll: keepPoll(context, fields["poll"]) } : {}),
    ...options.more,
  } as unknown as APIMessage;
  keepMessage(context, message, isEphemeral ? options.privateTo : undefined);
  return message;
}

/** Applies an edit and returns the message; `null` empties a field. Throws the error with which Discord refuses it. */
export async function changeMessage(context: Context, before: APIMessage, draft: Draft): Promise<APIMessage> {
  const { body, uploads, path = "" } = draft;
  checkMessage(body, { path });
  const fields = fieldsOf(body, path);
  if (fields["poll"]) {
    throw discordErrors.invalidForm(
      wrong(
        join(path, "poll"),
        "POLL_CANNOT_BE_EDITED",
        "A poll can only be sent with a new message or in place of a deferral.",
      ),
    );
  }
  const old = keptAttachments(before.attachments, fields["attachments"]);
  const kept = checkUploads(uploads, fields["attachments"], { path, before: before.attachments });
  const whole = { ...before, ...named(fields), flags: editedFlags(before, fields) };
  checkWhole({ ...whole, attachments: [...old, ...kept] }, { path });
  const isEphemeral = (Number(before.flags) & Ephemeral) !== 0;
  const fresh = await keepUploads(context, uploads, fields["attachments"], {
    channelId: before.channel_id,
    isEphemeral,
  });
  const defaults = defaultMentions[before.webhook_id ? "interaction" : "channel"];
  const message = {
    ...whole,
    ...mentionsIn(context, { ...whole, allowed_mentions: fields["allowed_mentions"] }, defaults),
    attachments: [...old, ...fresh],
    components: withIds(whole.components ?? []),
    edited_timestamp: new Date(context.clock.now()).toISOString(),
  } as APIMessage;
  keepMessage(context, message);
  return message;
}

// --- Internal helpers ---

/** Returns the fields that an edit names. */
function named(fields: Fields): Partial<APIMessage> {
  const empty = { content: "", embeds: [], components: [], poll: undefined };
  const names = (Object.keys(empty) as (keyof typeof empty)[]).filter((name) => fields[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? empty[name]]));
}

/**
 * An edit can set IS_COMPONENTS_V2, and set or clear SUPPRESS_EMBEDS. Discord ignores a change of any other flag.
 * https://docs.discord.com/developers/resources/message#edit-message
 */
function editedFlags(before: APIMessage, fields: Fields): number {
  const flags = Number(before.flags);
  const asked = fields["flags"];
  if (typeof asked !== "number") return flags;
  return (flags & ~SuppressEmbeds) | (asked & (SuppressEmbeds | IsComponentsV2));
}
