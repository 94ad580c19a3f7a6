import { asWritten, cut, escapeMarkdown, type Message } from "../../discord/index.ts";

/** Longer texts are cut to fit into a message. */
const maxText = 1_900;

/**
 * Returns what was posted to a topic as a message: a text, an object with `title`, `url` and `text`, or any other JSON as it
 * is. Links in it show their address, whatever words they were given.
 */
export function messageFor(topic: string, data: unknown): Message {
  return { content: `${textOf(data)}\n-# ${topic}` };
}

// --- Internal helpers ---

function textOf(data: unknown): string {
  if (typeof data === "string") return asWritten(data, maxText);
  const { title, url, text } = fieldsOf(data);
  if (title ?? url ?? text) {
    const head = title && `**${escapeMarkdown(cut(oneLine(title), 256))}**`;
    const foot = url && asWritten(oneLine(url), 512);
    const room = maxText - (head?.length ?? 0) - (foot?.length ?? 0) - 2;
    return [head, text && asWritten(text, room), foot].filter((line) => line !== undefined).join("\n");
  }
  const json = JSON.stringify(data, null, 2).replaceAll("```", "'''");
  return `\`\`\`json\n${cut(json, maxText - 12)}\n\`\`\``;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

function fieldsOf(data: unknown): { title?: string; url?: string; text?: string } {
  if (typeof data !== "object" || data === null) return {};
  const known = ["title", "url", "text"].flatMap((name) => {
    const value: unknown = Reflect.get(data, name);
    return typeof value === "string" && value.trim() !== "" ? [[name, value]] : [];
  });
  return Object.fromEntries(known);
}
