import { type APIChannel, type APIOverwrite, PermissionFlagsBits as Bits } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { permissionsIn } from "../../../../../local/discord/world/permissions.ts";
import { canView, isShownTo } from "../../../../../local/discord/world/visibility.ts";
import { openDirectChannel } from "../../../../../local/discord/world/world.ts";
import {
  ada,
  general,
  grace,
  harbour,
  hidden,
  knots,
  linus,
  moderators,
  news,
  sailors,
  startWorld,
  stranger,
} from "../interactions/support.ts";

const { SendMessages, ViewChannel, ManageGuild, Administrator, AddReactions } = Bits;
const rule = (id: string, type: 0 | 1, more: { allow?: bigint; deny?: bigint }): APIOverwrite => ({
  id,
  type,
  allow: String(more.allow ?? 0n),
  deny: String(more.deny ?? 0n),
});

/** Returns whether Linus, a sailor, may write in #general under these overwrites. */
function mayWrite(...permission_overwrites: APIOverwrite[]): boolean {
  const { guild } = startWorld();
  const channel = { ...guild.channels.get(general), permission_overwrites } as APIChannel;
  return (BigInt(permissionsIn(guild, linus, channel)) & SendMessages) !== 0n;
}

const [all, role, own] = [
  (more: object) => rule(harbour, 0, more),
  (more: object) => rule(sailors, 0, more),
  (more: object) => rule(linus, 1, more),
];
const [allow, deny] = [{ allow: SendMessages }, { deny: SendMessages }];

it.each<[string, APIOverwrite[], boolean]>([
  ["nothing", [], true],
  ["a refusal of everyone's", [all(deny)], false],
  ["a role's permission over everyone's refusal, in any order", [role(allow), all(deny)], true],
  ["a person's refusal over the role's permission", [own(deny), role(allow)], false],
  ["a person's permission over the role's refusal", [own(allow), role(deny)], true],
  ["a permission beside a refusal at one level", [role(deny), rule(sailors, 0, allow)], true],
  ["another role's refusal", [rule(moderators, 0, deny)], true],
  ["another person's refusal", [rule(ada, 1, deny)], true],
  ["a person's refusal under a role's type", [rule(linus, 0, deny)], true],
  ["a role's refusal under a person's type", [rule(sailors, 1, deny)], true],
  ["a refusal of something else", [all({ deny: AddReactions })], true],
])("lets a person write under %s: %j", (_name, overwrites, expected) => {
  expect(mayWrite(...overwrites)).toBe(expected);
});

it("gives the owner and administrators everything, whatever a channel refuses, and others none", () => {
  const { guild } = startWorld();
  const channel = { ...guild.channels.get(general), permission_overwrites: [all({ deny: ViewChannel })] } as APIChannel;
  const everything = String(Object.values(Bits).reduce((bits, bit) => bits | bit, 0n));
  expect(permissionsIn(guild, ada, channel)).toBe(everything);
  expect(permissionsIn(guild, linus, channel)).not.toBe(everything);
  Object.assign(guild.roles.get(sailors) ?? {}, { permissions: String(Administrator) });
  expect(permissionsIn(guild, linus, channel)).toBe(everything);
  expect(permissionsIn(guild, stranger, channel)).toBe("0");
});

it("adds up the permissions of a member's roles, unknown ones none", () => {
  const { guild } = startWorld();
  const has = (bit: bigint) => (BigInt(permissionsIn(guild, grace)) & bit) !== 0n;
  expect([has(ManageGuild), has(SendMessages), has(Administrator)]).toEqual([true, true, false]);
  const member = guild.members.get(grace);
  if (member) guild.members.set(grace, { ...member, roles: ["5"] });
  expect([has(ManageGuild), has(SendMessages)]).toEqual([false, true]);
});

it("gives a thread the overwrites of its channel, and no channel those of its category", () => {
  const { guild } = startWorld();
  const see = (id: string) => (BigInt(permissionsIn(guild, linus, guild.channels.get(id))) & ViewChannel) !== 0n;
  Object.assign(guild.channels.get("1100000000000000110") ?? {}, {
    permission_overwrites: [all({ deny: ViewChannel })],
  });
  expect([see(general), see(knots)]).toEqual([true, true]);
  Object.assign(guild.channels.get(general) ?? {}, { permission_overwrites: [all({ deny: ViewChannel })] });
  expect([see(general), see(knots), see(news)]).toEqual([false, false, true]);
});

it("shows a channel to those who may view it, and direct messages to their own person", () => {
  const { world, context } = startWorld();
  const person = world.users.get(linus);
  const direct = person ? openDirectChannel(world, person, context.createId).id : "";
  const seen = (userId: string) =>
    [general, hidden, direct, world.groupChannel.id, "5"].map((id) => canView(world, userId, id));
  expect(seen(linus)).toEqual([true, false, true, true, false]);
  expect(seen(grace)).toEqual([true, true, false, true, false]);
  expect(seen(stranger)).toEqual([false, false, false, true, false]);
});

it("shows an ephemeral message to its person alone", () => {
  const { world } = startWorld();
  world.privateTo.set("1", linus);
  const shown = (flags: number | undefined, userId: string | undefined, id = "1") =>
    isShownTo(world, userId, { id, flags } as never);
  expect([shown(64, linus), shown(64, ada), shown(64, undefined), shown(64, undefined, "2")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([shown(0, ada), shown(undefined, ada), shown(4, undefined), shown(68, ada)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
