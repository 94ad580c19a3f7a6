import type { Entry } from "../cache/index.ts";
import { cut, escapeMarkdown, type Message } from "../discord/index.ts";
import type { CachedMember, CachedUser } from "../entities/index.ts";
import type { Invocation } from "../runtime/index.ts";
import { command, everywhere, feature, userCommand } from "./kit.ts";
import { provenance } from "./provenance.ts";

const slash = command({
  name: "whois",
  description: "Show what Discord knows about a person",
  ...everywhere,
  ephemeral: true,
  options: [{ type: "user", name: "person", description: "Who to look up (default: you)" }],
  run: ({ options: { person }, user, guildId }, invocation) => describe(person?.id ?? user.id, guildId, invocation),
});

/** The same, in the menu that opens on a person. */
const menu = userCommand({
  name: "Who is",
  ...everywhere,
  ephemeral: true,
  run: ({ target, guildId }, invocation) => describe(target.id, guildId, invocation),
});

export const whois = feature({ name: "whois", handlers: [slash, menu] });

// --- Internal helpers ---

/** The interaction carries both, so that neither needs a request to Discord. */
async function describe(id: string, guildId: string | undefined, { entities }: Invocation): Promise<Message | string> {
  const [user, member] = await Promise.all([
    entities.user(id),
    guildId === undefined ? undefined : entities.member(guildId, id),
  ]);
  if (!user.value) return "Discord does not know this person any more.";
  return cardOf(id, user.value, member?.value, user);
}

function cardOf(id: string, user: CachedUser, member: CachedMember | undefined, entry: Entry<unknown>): Message {
  const name = member?.nick ?? user.global_name ?? user.username;
  const roles = member?.roles.map((role) => `<@&${role}>`) ?? [];
  return {
    content: provenance(entry),
    embeds: [
      {
        title: cut(escapeMarkdown(name), 256),
        description: `<@${id}> · ${escapeMarkdown(cut(user.username, 100))}${user.bot ? " · a bot" : ""}`,
        thumbnail: { url: avatarOf(id, user.avatar) },
        fields: [
          { name: "On Discord since", value: date(createdAt(id)), inline: true },
          ...(member?.joined_at
            ? [{ name: "Here since", value: date(Date.parse(member.joined_at)), inline: true }]
            : [{ name: "Here", value: "Not a member", inline: true }]),
          ...(roles.length > 0 ? [{ name: "Roles", value: listUpTo(roles, 1_024) }] : []),
        ],
        footer: { text: id },
      },
    ],
  };
}

/** https://docs.discord.com/developers/reference#snowflakes */
const createdAt = (id: string): number => Number(BigInt(id) >> 22n) + 1_420_070_400_000;
const date = (at: number): string => `<t:${Math.floor(at / 1_000)}:D>`;

/** https://docs.discord.com/developers/reference#image-formatting */
const avatarOf = (id: string, hash: string | null): string =>
  hash === null
    ? `https://cdn.discordapp.com/embed/avatars/${(BigInt(id) >> 22n) % 6n}.png`
    : `https://cdn.discordapp.com/avatars/${id}/${hash}.png`;

/** Returns as many items as fit into `length` characters, and how many do not. */
function listUpTo(items: readonly string[], length: number): string {
  const all = items.join(" ");
  if (all.length <= length) return all;
  const fit = items.slice(0, Math.floor((length - 20) / 25));
  return `${fit.join(" ")} and ${items.length - fit.length} more`;
}
