import { type APIAttachment, type APIMessage, MessageFlags } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { type Fields, isFields, textOf } from "../validate/checks.ts";
import { walk } from "../validate/components.ts";
import { checkMessage, checkWhole } from "../validate/message.ts";
import { messagesOf } from "../world/world.ts";
import { keepUploads, keptAttachments, type Upload } from "./uploads.ts";

/** What somebody asks to be sent: anything, until it is checked. */
export interface Draft {
  body: unknown;
  uploads: readonly Upload[];
  /** Where the body sits in the request: `data` in a callback. */
  path?: string;
}

export interface PostOptions {
  channelId: string;
  /** Which flags may be set. */
  flags: number;
  /** Whose eyes only; set by EPHEMERAL or by the deferral that came before. */
  privateTo?: string | undefined;
  /** Settled by the deferral, whatever the body says. */
  isEphemeral?: boolean | undefined;
  more?: object;
}

/** Posts a message, or refuses it as Discord does. */
export async function postMessage(context: Context, draft: Draft, options: PostOptions): Promise<APIMessage> {
  const { body, uploads, path = "" } = draft;
  checkMessage(body, { path, files: uploads.length, flags: options.flags });
  const fields = readFields(body);
  const asked = Number(fields["flags"] ?? 0);
  const isEphemeral = options.isEphemeral ?? (asked & MessageFlags.Ephemeral) !== 0;
  const flags = (asked & ~MessageFlags.Ephemeral) | (isEphemeral ? MessageFlags.Ephemeral : 0);
  const { channelId } = options;
  const attachments = await keepUploads(context, uploads, fields["attachments"], { channelId, path, isEphemeral });
  checkWhole({ ...fields, attachments }, { path });
  const message = {
    id: context.createId(),
    channel_id: channelId,
    author: context.world.bot,
    content: textOf(fields["content"]).trim(),
    timestamp: new Date(context.clock.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    ...mentionsIn(context, fields, channelId),
    attachments,
    embeds: fields["embeds"] ?? [],
    components: withIds(fields["components"] ?? []),
    pinned: false,
    type: 0,
    flags,
    ...(fields["poll"] ? { poll: fields["poll"] } : {}),
    ...options.more,
  } as unknown as APIMessage;
  messagesOf(context.world, channelId).set(message.id, message);
  if (isEphemeral && options.privateTo !== undefined) context.world.privateTo.set(message.id, options.privateTo);
  return message;
}

/** Edits what a body names; `null` empties a field. Components of the second version stay what they are. */
export async function changeMessage(context: Context, before: APIMessage, draft: Draft): Promise<APIMessage> {
  const { body, uploads, path = "" } = draft;
  const editable = MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral;
  checkMessage(body, { path, files: uploads.length, flags: editable });
  const fields = readFields(body);
  const isEphemeral = ((before.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const fresh = await keepUploads(context, uploads, fields["attachments"], {
    channelId: before.channel_id,
    path,
    isEphemeral,
  });
  const attachments: APIAttachment[] = [...keptAttachments(before.attachments ?? [], fields["attachments"]), ...fresh];
  const named = Object.fromEntries(
    (["content", "embeds", "components"] as const)
      .filter((name) => fields[name] !== undefined)
      .map((name) => [name, fields[name] ?? (name === "content" ? "" : [])]),
  );
  const flags = (before.flags ?? 0) | (Number(fields["flags"] ?? 0) & MessageFlags.IsComponentsV2);
  const whole = { ...before, ...named, attachments, flags };
  checkWhole(whole, { path });
  const message = {
    ...whole,
    components: withIds(whole.components ?? []),
    edited_timestamp: new Date(context.clock.now()).toISOString(),
  } as APIMessage;
  messagesOf(context.world, message.channel_id).set(message.id, message);
  return message;
}

// --- Internal helpers ---

function readFields(body: unknown): Fields {
  if (isFields(body)) return body;
  throw discordErrors.invalidForm({
    path: "",
    code: "MODEL_TYPE_CONVERT",
    message: "Only dictionaries may be used in a ModelType",
  });
}

/** Discord numbers the components that bring no number of their own. */
export function withIds(components: unknown): unknown {
  const copy: unknown = structuredClone(components);
  const all = walk(copy).map(({ component }) => component);
  const taken = new Set(all.map(({ id }) => id));
  let next = 1;
  for (const component of all) {
    if (typeof component["id"] === "number" && component["id"] > 0) continue;
    while (taken.has(next)) next += 1;
    component["id"] = next++;
  }
  return copy;
}

/** Who is pinged: without `allowed_mentions` users only, as for every message that answers an interaction. */
function mentionsIn({ world }: Context, { content, components, allowed_mentions }: Fields, channelId: string): object {
  const allowed = (isFields(allowed_mentions) ? allowed_mentions : { parse: ["users"] }) as Record<
    string,
    string[] | undefined
  >;
  const texts = [textOf(content), ...walk(components).map(({ component }) => textOf(component["content"]))].join("\n");
  const ids = (pattern: RegExp, kind: string) =>
    [...new Set([...texts.matchAll(pattern)].map(([, id = ""]) => id))].filter(
      (id) => allowed["parse"]?.includes(kind) || allowed[kind]?.includes(id),
    );
  return {
    mention_everyone:
      /@(everyone|here)/.test(texts) && allowed["parse"]?.includes("everyone") === true && channelId !== "",
    mentions: ids(/<@!?(\d+)>/g, "users").flatMap((id) => world.users.get(id) ?? []),
    mention_roles: ids(/<@&(\d+)>/g, "roles"),
  };
}
