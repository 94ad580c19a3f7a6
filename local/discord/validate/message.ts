import { MessageFlags } from "discord-api-types/v10";
import { discordErrors, type FieldError, tooLong } from "../errors.ts";
import {
  boolean,
  type Fields,
  fieldsOf,
  integer,
  isFields,
  join,
  lengthOf,
  list,
  object,
  oneOf,
  optional,
  set,
  snowflake,
  text,
  wrong,
} from "./checks.ts";
import { checkComponents, walk } from "./components.ts";
import { checkEmbeds } from "./embeds.ts";

/** The flags that an application may set on an answer to an interaction; in a channel, all but EPHEMERAL. */
export const responseFlags =
  MessageFlags.Ephemeral |
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2 |
  MessageFlags.IsVoiceMessage;
export const channelFlags = responseFlags & ~MessageFlags.Ephemeral;

const allowedMentions = object(
  {
    parse: optional(set(0, 3, oneOf("users", "roles", "everyone"))),
    users: optional(set(0, 100, snowflake)),
    roles: optional(set(0, 100, snowflake)),
    replied_user: optional(boolean),
  },
  ({ parse, ...ids }, path) =>
    (["users", "roles"] as const)
      .filter((kind) => Array.isArray(parse) && parse.includes(kind) && (ids[kind] as unknown[] | undefined)?.length)
      .map((kind) =>
        wrong(
          path,
          "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        ),
      ),
);

const poll = object({
  question: object({ text: text(1, 300) }),
  answers: list(1, 10, object({ poll_media: object({ text: text(1, 55) }) })),
  duration: optional(integer(1, 768)),
  allow_multiselect: optional(boolean),
  layout_type: optional(oneOf(1)),
});

const message = object({
  content: optional(text(0, 2_000)),
  tts: optional(boolean),
  embeds: optional(checkEmbeds),
  flags: optional(integer(0)),
  allowed_mentions: optional(allowedMentions),
  attachments: optional(
    list(
      0,
      10,
      object({
        id: snowflake,
        filename: optional(text(1, 1_024)),
        description: optional(text(0, 1_024)),
        is_spoiler: optional(boolean),
      }),
    ),
  ),
  sticker_ids: optional(list(0, 3, snowflake)),
  poll: optional(poll),
});

/** Where a body is in the request, and which flags it may set. */
export interface MessageContext {
  path?: string;
  flags?: number;
}

/** Throws Discord's error 50035, with every wrong field, for a body that is invalid in a message and in an edit. */
export function checkMessage(body: unknown, { path = "", flags = ~0 }: MessageContext = {}): void {
  const fields = fieldsOf(body, path);
  const errors = message(fields, path);
  if (errors.length === 0 && Number(fields["flags"]) & ~flags) errors.push(badFlags(join(path, "flags")));
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
}

/** Throws Discord's error for a whole message that is invalid: 50006 when it is empty. */
export function checkWhole(whole: Fields, { path = "" }: MessageContext = {}): void {
  const isV2 = (Number(whole["flags"]) & MessageFlags.IsComponentsV2) !== 0;
  const components = whole["components"] ?? [];
  const errors = [
    ...(isV2 ? legacyFields(whole, path) : []),
    ...checkComponents(components, join(path, "components"), isV2),
  ];
  const attachments = (whole["attachments"] ?? []) as Fields[];
  if (attachments.length > 10) errors.push(tooLong(join(path, "attachments"), 10));
  if (errors.length === 0) errors.push(...missingFiles(components, attachments, path));
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
  const lists = ["embeds", "components", "attachments", "sticker_ids"].map(
    (name) => whole[name] as unknown[] | undefined,
  );
  const hasText = typeof whole["content"] === "string" && lengthOf(whole["content"]) > 0;
  if (!hasText && !whole["poll"] && lists.every((one) => !one?.length)) throw discordErrors.emptyMessage();
}

export const badFlags = (path: string): FieldError => wrong(path, "MESSAGE_FLAGS_INVALID", "Invalid message flags.");

// --- Internal helpers ---

/** Returns an error for each field that cannot be combined with components V2. */
function legacyFields(whole: Fields, path: string): FieldError[] {
  return ["content", "embeds", "poll", "sticker_ids"]
    .filter((name) => (Array.isArray(whole[name]) ? whole[name].length > 0 : Boolean(whole[name])))
    .map((name) =>
      wrong(
        join(path, name),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        `The '${name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      ),
    );
}

/** Returns an error for each component that shows `attachment://name` without such a file. */
function missingFiles(components: unknown, attachments: readonly Fields[], path: string): FieldError[] {
  const names = new Set(attachments.map((one) => one["filename"]));
  return walk(components, join(path, "components")).flatMap(({ component, path: at }) => {
    const items = Array.isArray(component["items"]) ? component["items"].map((one: Fields) => one["media"]) : [];
    return [component["media"], component["file"], ...items].flatMap((media) => {
      const url = isFields(media) ? String(media["url"]) : "";
      if (!url.startsWith("attachment://") || names.has(url.slice("attachment://".length))) return [];
      return [wrong(at, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", `There is no file for ${url}.`)];
    });
  });
}
