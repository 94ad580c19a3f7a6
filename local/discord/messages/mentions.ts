import type { Context } from "../context.ts";
import { type Fields, isFields, textOf } from "../validate/checks.ts";
import { walk } from "../validate/components.ts";

const kinds = ["users", "roles", "everyone"] as const;

/** The mentions that ping without `allowed_mentions`: users in an answer to an interaction, all in a channel. */
export const defaultMentions = { interaction: ["users"], channel: kinds } as const;

/** Returns the fields of a message that name whom it pings. Text in components V2 pings as content does. */
export function mentionsIn(
  { world }: Context,
  { content, components, allowed_mentions }: Fields,
  defaults: readonly string[],
): object {
  const allowed = isFields(allowed_mentions) ? allowed_mentions : { parse: defaults };
  const texts = [textOf(content), ...walk(components).map(({ component }) => textOf(component["content"]))].join("\n");
  const isAllowed = (kind: (typeof kinds)[number], id: string) =>
    includes(allowed["parse"], kind) || includes(allowed[kind], id);
  const named = (pattern: RegExp) => [...new Set([...texts.matchAll(pattern)].map(([, id = ""]) => id))];
  return {
    mention_everyone: /@(everyone|here)/.test(texts) && isAllowed("everyone", ""),
    mentions: named(/<@!?(\d+)>/g)
      .filter((id) => isAllowed("users", id))
      .flatMap((id) => world.users.get(id) ?? []),
    mention_roles: named(/<@&(\d+)>/g).filter((id) => isAllowed("roles", id)),
  };
}

const includes = (list: unknown, value: string): boolean => Array.isArray(list) && list.map(String).includes(value);
