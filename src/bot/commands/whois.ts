import { commandContext, installation, type Message, type Person } from "../../discord/index.ts";
import { command, userCommand } from "../kit.ts";

const everywhere = {
  contexts: [commandContext.guild, commandContext.botDm, commandContext.privateChannel],
  integration_types: [installation.guild, installation.user],
};

export const whois = command({
  name: "whois",
  description: "Who somebody is, as far as Discord tells",
  ...everywhere,
  ephemeral: true,
  options: [{ type: "user", name: "person", description: "Whom; yourself when left out" }],
  run: ({ options: { person }, user, member }) => cardOf(person ?? { id: user.id, user, member }),
});

/** The same in the menu of a person. */
export const whoIs = userCommand({
  name: "Who is",
  ...everywhere,
  ephemeral: true,
  run: ({ target }) => cardOf(target),
});

// --- Internal helpers ---

function cardOf({ id, user, member }: Pick<Person, "id" | "user"> & { member: Person["member"] }): Message {
  const name = member?.nick ?? user.global_name ?? user.username;
  const roles = member?.roles.map((role) => `<@&${role}>`) ?? [];
  return {
    embeds: [
      {
        title: name,
        description: `<@${id}> · \`${user.username}\`${user.bot ? " · a bot" : ""}`,
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

/** As many as fit, and how many did not. */
function listUpTo(items: readonly string[], length: number): string {
  const all = items.join(" ");
  if (all.length <= length) return all;
  const fit = items.slice(0, Math.floor((length - 20) / 25));
  return `${fit.join(" ")} and ${items.length - fit.length} more`;
}
