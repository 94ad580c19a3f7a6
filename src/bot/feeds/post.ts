import type { Message } from "../../discord/index.ts";

/** Longer texts are cut to fit into a message. */
const maxText = 1_900;

/**
 * What was posted to a topic, as a message: a text, an object with `title`, `url` and `text`, or any other JSON as it is. It
 * pings nobody.
 */
export function messageFor(topic: string, data: unknown): Message {
  return { content: `${cut(textOf(data))}\n-# ${topic}` };
}

// --- Internal helpers ---

function textOf(data: unknown): string {
  if (typeof data === "string") return data;
  const { title, url, text } = fieldsOf(data);
  const lines = [title && `**${title}**`, text, url].filter((line) => line !== undefined);
  if (lines.length > 0) return lines.join("\n");
  return `\`\`\`json\n${cut(JSON.stringify(data, null, 2)).replaceAll("```", "'''")}\n\`\`\``;
}

function fieldsOf(data: unknown): { title?: string; url?: string; text?: string } {
  if (typeof data !== "object" || data === null) return {};
  const known = ["title", "url", "text"].flatMap((name) => {
    const value: unknown = Reflect.get(data, name);
    return typeof value === "string" && value.trim() !== "" ? [[name, value]] : [];
  });
  return Object.fromEntries(known);
}

const cut = (text: string): string => (text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`);
