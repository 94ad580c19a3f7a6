import { type FieldError, required } from "../errors.ts";
import {
  boolean,
  type Fields,
  integer,
  isFields,
  join,
  lengthOf,
  list,
  maxUrl,
  moment,
  object,
  optional,
  text,
  url,
  wrong,
} from "./checks.ts";

const web = url(maxUrl, "http", "https");
const media = optional(object({ url: url(maxUrl, "http", "https", "attachment") }));

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const shape = {
  title: optional(text(0, 256)),
  description: optional(text(0, 4_096)),
  url: optional(web),
  color: optional(integer(0, 0xff_ff_ff)),
  timestamp: optional(moment),
  footer: optional(object({ text: text(1, 2_048), icon_url: optional(url(maxUrl, "http", "https", "attachment")) })),
  author: optional(
    object({ name: text(1, 256), url: optional(web), icon_url: optional(url(maxUrl, "http", "https", "attachment")) }),
  ),
  image: media,
  thumbnail: media,
  fields: optional(list(0, 25, object({ name: text(1, 256), value: text(1, 1_024), inline: optional(boolean) }))),
};

/** An embed that would show nothing needs a description, Discord says. */
const embed = object(shape, (body, path) => {
  const shown = ["title", "description", "fields", "image", "thumbnail", "footer", "author", "timestamp", "url"];
  const isSeen = shown.some((name) => (Array.isArray(body[name]) ? body[name].length > 0 : Boolean(body[name])));
  return isSeen ? [] : [required(join(path, "description"))];
});

const maxTotal = 6_000;

/** Checks embeds: at most ten, each within its limits, together within 6,000 characters. */
export function checkEmbeds(value: unknown, path: string): FieldError[] {
  const errors = list(0, 10, embed)(value, path);
  if (errors.length > 0) return errors;
  const total = (value as Fields[]).reduce((sum, one) => sum + sizeOf(one), 0);
  if (total <= maxTotal) return [];
  return [wrong(path, "MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${maxTotal}`)];
}

/** Returns how many characters of an embed count for that limit. */
export function sizeOf({ title, description, footer, author, fields }: Fields): number {
  const pairs = Array.isArray(fields) ? fields.filter(isFields).flatMap(({ name, value }) => [name, value]) : [];
  const texts = [title, description, isFields(footer) && footer["text"], isFields(author) && author["name"], ...pairs];
  return texts.reduce((sum: number, one) => sum + (typeof one === "string" ? lengthOf(one) : 0), 0);
}
