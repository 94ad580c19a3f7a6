import type { Context } from "../context.ts";
import { type Fields, isFields, textOf } from "../validate/checks.ts";
import { walk } from "../validate/components.ts";

const kinds = ["users", "roles", "everyone"] as const;

/** The mentions that ping without `allowed_mentions`: users in an answer to an interaction, all in a channel. */
export const defaultMentions = { interaction: ["users"], channel: kinds } as const;

/** Returns the fields of a message that name whom it pings. Text in components V2 pings as content does. */
export function mentionsIn(
  { world }: Context,
  { content, components, allowed_mentions, referenced_message: replied }: Fields,
  defaults: readonly string[],
): object {
  const allowed = isFields(allowed_mentions) ? allowed_mentions : { parse: defaults };
  // A reply pings the author of the other message, unless `allowed_mentions` leaves that out.
  const isReplied = isFields(replied) && (!isFields(allowed_mentions) || allowed_mentions["replied_user"] === true);
  const repliedTo = isReplied && isFields(replied["author"]) ? [String(replied["author"]["id"])] : [];
  const texts = [textOf(content), ...walk(components).map(({ component }) => textOf(component["content"]))].join("\n");
  const isAllowed = (kind: (typeof kinds)[number], id: string) =>
    includes(allowed["parse"], kind) || includes(allowed[kind], id);
  const idsIn = (pattern: RegExp) => [...texts.matchAll(pattern)].map(([, id = ""]) => id);
  const people = idsIn(/<@!?(\d+)>/g).filter((id) => isAllowed("users", id));
  return {
    mention_everyone: /@(everyone|here)/.test(texts) && isAllowed("everyone", ""),
    mentions: [...new Set([...people, ...repliedTo])].flatMap((id) => world.users.get(id) ?? []),
    mention_roles: [...new Set(idsIn(/<@&(\d+)>/g))].filter((id) => isAllowed("roles", id)),
  };
}

const includes = (list: unknown, value: string): boolean => Array.isArray(list) && list.map(String).includes(value);
