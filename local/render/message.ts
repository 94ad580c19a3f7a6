import { stripVTControlCharacters, styleText } from "node:util";
import { type MarkdownOptions, renderMarkdown } from "./markdown.ts";

/** A message of Discord's API: the fields that a terminal can show. */
export interface ShownMessage {
  author?: { username?: string; global_name?: string | null };
  content?: string;
  flags?: number;
  edited_timestamp?: string | null;
  embeds?: ShownEmbed[];
  components?: ShownComponent[];
  attachments?: { filename?: string; size?: number }[];
}

interface ShownEmbed {
  title?: string;
  url?: string;
  description?: string;
  fields?: { name: string; value: string }[];
  footer?: { text: string };
}

interface ShownComponent {
  type: number;
  label?: string;
  disabled?: boolean;
  placeholder?: string;
  content?: string;
  components?: ShownComponent[];
  accessory?: ShownComponent;
  items?: { media: { url: string }; description?: string }[];
  media?: { url: string };
  file?: { url: string };
  emoji?: { name?: string };
}

const ephemeral = 64;
const button = 2;
const selects = new Set([3, 5, 6, 7, 8]);
const textDisplay = 10;
const separator = 14;

/** Returns a message for a terminal, as a person would see it, without a line break at the end. */
export function renderMessage(message: ShownMessage, options: MarkdownOptions): string {
  const markdown = (text: string) => renderMarkdown(text, options);
  const name = message.author?.global_name ?? message.author?.username ?? "Someone";
  const head = [
    styleText("bold", name),
    styleText(["bgBlue", "white"], " APP "),
    ...(message.edited_timestamp ? [styleText("dim", "(edited)")] : []),
  ].join(" ");
  const body = [
    ...(message.content ? [markdown(message.content)] : []),
    ...(message.embeds ?? []).map((embed) => renderEmbed(embed, markdown)),
    ...(message.attachments ?? []).map(
      ({ filename = "file", size }) => `📎 ${filename}${size === undefined ? "" : ` (${size} bytes)`}`,
    ),
    ...(message.components ?? [])
      .map((component) => renderComponent(component, markdown))
      .filter((line) => line !== ""),
    ...((message.flags ?? 0) & ephemeral ? [styleText("dim", "👁  Only you can see this")] : []),
  ];
  return [head, ...body.map((part) => part.replace(/^/gm, "  "))].join("\n");
}

function renderEmbed(
  { title, description, fields = [], footer }: ShownEmbed,
  markdown: (text: string) => string,
): string {
  const lines = [
    ...(title ? [styleText("bold", title)] : []),
    ...(description ? [markdown(description)] : []),
    ...fields.flatMap(({ name, value }) => [styleText("bold", name), markdown(value)]),
    ...(footer ? [styleText("dim", footer.text)] : []),
  ];
  return lines.join("\n").replace(/^/gm, `${styleText("blue", "│")} `);
}

function renderComponent(component: ShownComponent, markdown: (text: string) => string): string {
  if (component.type === button)
    return styleText(component.disabled ? "dim" : "inverse", ` ${component.label ?? component.emoji?.name ?? "•"} `);
  if (selects.has(component.type)) return `▾ ${component.placeholder ?? "Make a selection"}`;
  if (component.type === separator) return styleText("dim", "────");
  const media = [component.media, component.file, ...(component.items ?? []).map((item) => item.media)];
  const shownMedia = media.flatMap((one) => (one ? [`🖼  ${one.url}`] : []));
  if (shownMedia.length > 0) return shownMedia.join("\n");
  if (component.type === textDisplay) return markdown(component.content ?? "");
  const inner = [...(component.components ?? []), ...(component.accessory ? [component.accessory] : [])];
  const shown = inner
    .map((one) => renderComponent(one, markdown))
    .filter((one) => stripVTControlCharacters(one) !== "");
  return shown.join(component.type === 1 ? "  " : "\n");
}
