import { ApplicationCommandOptionType as Type } from "discord-api-types/v10";
import type { World } from "../../discord/index.ts";
import type { GivenOption } from "../protocol.ts";
import type { Payload } from "./payload.ts";

/**
 * Returns a command as it is typed: `/remind me in:10m about:"tea: green"`. The simulator reads it back to the same options,
 * but for files, which are left out.
 */
export function lineOf({ data = {} }: Payload, world: World): string {
  const parts = [`/${data.name ?? ""}`];
  let options = data.options ?? [];
  for (let [first] = options; first?.options; [first] = options) {
    parts.push(first.name);
    options = [...first.options];
  }
  const names = options.map(({ name }) => name);
  const typed = options.filter(({ type }) => type !== Type.Attachment);
  // The option that is being typed comes last: there the cursor is.
  const sorted = typed.toSorted((a, b) => Number(a.focused ?? false) - Number(b.focused ?? false));
  return [...parts, ...sorted.map((option) => `${option.name}:${valueOf(option, names, world)}`)].join(" ");
}

// --- Internal helpers ---

function valueOf({ type, value = "" }: GivenOption, names: readonly string[], world: World): string {
  const text = String(value);
  if (type === Type.User || type === Type.Mentionable || type === Type.Role || type === Type.Channel) {
    return mentionOf(text, world);
  }
  const isPlain = /^[^\s"](?:[^\n\r"]*[^\s"])?$/.test(text) && !names.some((name) => text.includes(`${name}:`));
  return isPlain && !text.includes("\\") ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Returns `@ada` or `#general` for an ID whose name leads back to it alone, and the ID for others. */
function mentionOf(id: string, { users, guilds }: World): string {
  const user = users.get(id);
  const isTypable = (name: string) => /^[\w.-]+$/.test(name);
  if (user && isTypable(user.username)) return `@${user.username}`;
  const channels = [...guilds.values()].flatMap((guild) => [...guild.channels.values()]);
  const channel = channels.find((one) => one.id === id);
  const name = channel?.name ?? "";
  return isTypable(name) && channels.filter((one) => one.name === name).length === 1 ? `#${name}` : id;
}
