import { type APIMessage, type APIUser, MessageFlags } from "discord-api-types/v10";
import { badLength, discordErrors, type FieldError, tooLong } from "./errors.ts";

/** What can be sent: the fields of a message that the simulator looks at; the rest is kept as it came. */
export interface MessageBody {
  content?: string | null;
  embeds?: Embed[] | null;
  components?: unknown[] | null;
  attachments?: unknown[] | null;
  poll?: unknown;
  flags?: number;
  allowed_mentions?: { parse?: string[]; users?: string[]; roles?: string[] } | null;
  sticker_ids?: string[];
}

interface Embed {
  title?: string;
  description?: string;
  fields?: { name: string; value: string }[];
  footer?: { text: string };
  author?: { name: string };
}

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const embedLimits = {
  title: 256,
  description: 4_096,
  footer: 2_048,
  author: 256,
  name: 256,
  value: 1_024,
  fields: 25,
  sum: 6_000,
};

/** Refuses what Discord refuses in a message: 50006 when there is nothing in it, 50035 with the fields otherwise. */
export function checkMessage(body: MessageBody, path: string, files: number): void {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const fields: FieldError[] = [];
  if ((body.content?.length ?? 0) > 2_000) fields.push(tooLong(at("content"), 2_000));
  if ((body.embeds?.length ?? 0) > 10) fields.push(badLength(at("embeds"), 0, 10));
  for (const [index, embed] of (body.embeds ?? []).entries()) fields.push(...checkEmbed(embed, at(`embeds.${index}`)));
  if (sumOf(body.embeds ?? []) > embedLimits.sum) {
    fields.push({
      path: at("embeds"),
      code: "MAX_EMBED_SIZE_EXCEEDED",
      message: "Embed size exceeds maximum size of 6000",
    });
  }
  const isV2 = ((body.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;
  if (isV2 && (body.content || body.embeds?.length || body.poll)) {
    fields.push({
      path: at("content"),
      code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      message: "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    });
  }
  if (!isV2 && (body.components?.length ?? 0) > 5) fields.push(badLength(at("components"), 0, 5));
  if (fields.length > 0) throw discordErrors.invalidForm(...fields);
  const isEmpty =
    !body.content && !body.embeds?.length && !body.components?.length && !body.poll && !body.sticker_ids?.length;
  if (isEmpty && files === 0) throw discordErrors.emptyMessage();
}

/** The message that comes of it. */
export function createMessage(
  body: MessageBody,
  parts: { id: string; channelId: string; author: APIUser; at: number; more?: object },
): APIMessage {
  const { id, channelId, author, at, more } = parts;
  return {
    id,
    channel_id: channelId,
    author,
    content: body.content ?? "",
    timestamp: new Date(at).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: body.embeds ?? [],
    components: body.components ?? [],
    pinned: false,
    type: 0,
    flags: body.flags ?? 0,
    ...(body.poll !== undefined && { poll: body.poll }),
    ...more,
  } as unknown as APIMessage;
}

/** An edit touches what it names; `null` empties a field. */
export function editMessage(message: APIMessage, body: MessageBody, at: number): APIMessage {
  const edited = { ...message, edited_timestamp: new Date(at).toISOString() };
  if (body.content !== undefined) edited.content = body.content ?? "";
  if (body.embeds !== undefined) edited.embeds = body.embeds ?? [];
  if (body.components !== undefined)
    edited.components = (body.components ?? []) as NonNullable<APIMessage["components"]>;
  if (body.flags !== undefined) edited.flags = (message.flags ?? 0) | (body.flags & MessageFlags.IsComponentsV2);
  return edited;
}

function checkEmbed(embed: Embed, path: string): FieldError[] {
  const { title, description, footer, author, name, value } = embedLimits;
  const texts: [string, string | undefined, number][] = [
    ["title", embed.title, title],
    ["description", embed.description, description],
    ["footer.text", embed.footer?.text, footer],
    ["author.name", embed.author?.name, author],
    ...(embed.fields ?? []).flatMap((field, index): [string, string | undefined, number][] => [
      [`fields.${index}.name`, field.name, name],
      [`fields.${index}.value`, field.value, value],
    ]),
  ];
  const long = texts
    .filter(([, text, max]) => (text?.length ?? 0) > max)
    .map(([where, , max]) => tooLong(`${path}.${where}`, max));
  return (embed.fields?.length ?? 0) > embedLimits.fields
    ? [...long, badLength(`${path}.fields`, 0, embedLimits.fields)]
    : long;
}

const sumOf = (embeds: readonly Embed[]): number =>
  embeds
    .flatMap(({ title, description, footer, author, fields = [] }) => [
      title,
      description,
      footer?.text,
      author?.name,
      ...fields.flatMap(({ name, value }) => [name, value]),
    ])
    .reduce((sum, text) => sum + (text?.length ?? 0), 0);
