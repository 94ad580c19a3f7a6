import type { APIApplicationCommand, APIEntitlement } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { checkAvailable, offerOf } from "../../../../../local/discord/interactions/availability.ts";
import {
  buildCommandData,
  buildInteraction,
  buildPing,
  buildUserData,
  contextOf,
  findSender,
} from "../../../../../local/discord/interactions/build.ts";
import { ada, bot, general, grace, harbour, hidden, linus, news, sailors, startWorld, stranger } from "./support.ts";

const group = "1100000000000000401";

function start() {
  const { context, world, guild } = startWorld();
  const senderOf = (userId: string, channelId: string, isUserInstall = false) =>
    findSender(context, { userId, channelId, locale: "fr", isUserInstall });
  return { context, world, guild, senderOf };
}

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

it("finds who acts and where, and refuses a place that the person cannot see", () => {
  const { senderOf, world } = start();
  expect(senderOf(linus, general)).toMatchObject({
    user: { id: linus },
    channel: { id: general },
    guild: { guild: { id: harbour } },
    locale: "fr",
    isUserInstall: false,
  });
  expect(senderOf(linus, general, true).isUserInstall).toBe(true);
  expect(senderOf(grace, hidden).channel.id).toBe(hidden);
  const direct = senderOf(stranger, "dm");
  expect(direct).toMatchObject({ channel: { type: 1 }, guild: undefined, isUserInstall: false });
  expect(senderOf(stranger, "dm").channel).toBe(world.directChannels.get(stranger));
  for (const name of ["group-dm", group])
    expect(senderOf(stranger, name)).toMatchObject({ channel: { id: group }, isUserInstall: true });
  expect(attempt(() => senderOf("5", general))).toBe("There is no user 5 in the simulator's world.");
  expect(attempt(() => senderOf(ada, "5"))).toBe("There is no channel 5 in the simulator's world.");
  expect(attempt(() => senderOf(stranger, general))).toBe("stranger is not a member of The Harbour.");
  expect(attempt(() => senderOf(linus, hidden))).toBe("linus cannot see that channel.");
});

it("sends the place and the person with an interaction", () => {
  const { context, senderOf } = start();
  expect(buildInteraction(context, 2, senderOf(linus, news), {})).toMatchObject({
    application_id: bot,
    version: 1,
    locale: "fr",
    entitlements: [],
    attachment_size_limit: 10_485_760,
    channel_id: news,
    channel: { id: news, name: "news" },
    context: 0,
    guild_id: harbour,
    guild: { id: harbour, locale: "en-US", features: ["COMMUNITY", "NEWS"] },
    guild_locale: "en-US",
    member: { user: { id: linus }, roles: [sailors] },
    authorizing_integration_owners: { "0": harbour },
  });
  const { channel, member, app_permissions } = buildInteraction(context, 2, senderOf(linus, news), {}) as Record<
    string,
    never
  > & { channel: { permissions: string }; member: { permissions: string }; app_permissions: string };
  expect(channel.permissions).toBe(member.permissions);
  expect([channel.permissions, app_permissions].map(Number).every((bits) => bits > 0)).toBe(true);
  expect(app_permissions).not.toBe(channel.permissions);
  const direct = buildInteraction(context, 2, senderOf(stranger, "dm"), {});
  expect(direct).toMatchObject({
    context: 1,
    user: { id: stranger },
    channel: { permissions: "0" },
    app_permissions: "442368",
    authorizing_integration_owners: { "0": "0" },
  });
  expect(direct).not.toHaveProperty("guild_id");
  expect(buildInteraction(context, 2, senderOf(stranger, "group-dm"), {})).toMatchObject({
    context: 2,
    app_permissions: "180224",
    authorizing_integration_owners: { "1": stranger },
  });
  expect(contextOf(senderOf(stranger, "group-dm"))).toBe(2);
  expect(buildInteraction(context, 2, senderOf(ada, general, true), {})).toMatchObject({
    authorizing_integration_owners: { "1": ada },
  });
});

it("sends what the person and the server own, and nothing of others or of the past", () => {
  const { context, world, senderOf } = start();
  const own = (id: string, more: object) =>
    world.entitlements.set(id, { id, deleted: false, ...more } as unknown as APIEntitlement);
  own("1", { user_id: ada });
  own("2", { user_id: grace });
  own("3", { guild_id: harbour });
  own("4", { guild_id: "1100000000000000200" });
  own("5", { user_id: ada, deleted: true });
  const ids = (channel: string) =>
    (buildInteraction(context, 2, senderOf(ada, channel), {}) as { entitlements: { id: string }[] }).entitlements.map(
      ({ id }) => id,
    );
  expect([ids(general), ids("dm")]).toEqual([["1", "3"], ["1"]]);
});

it("resolves the people, roles, channels and files of a command's options, in subcommands too", () => {
  const { context, senderOf } = start();
  const command = { id: "7", name: "x", type: 1 } as APIApplicationCommand;
  const options = [
    {
      name: "sub",
      type: 1,
      options: [
        { name: "a", type: 6, value: ada },
        { name: "b", type: 7, value: news },
        { name: "c", type: 9, value: sailors },
        { name: "d", type: 3, value: grace },
      ],
    },
  ] as never[];
  const file = { id: "9", filename: "a.txt" } as never;
  const sender = senderOf(linus, general);
  expect(buildCommandData(context, command, options, sender, [file])).toEqual({
    id: "7",
    name: "x",
    type: 1,
    options,
    resolved: {
      users: { [ada]: context.world.users.get(ada) },
      members: { [ada]: expect.objectContaining({ roles: [], permissions: expect.stringMatching(/^\d+$/) }) },
      roles: { [sailors]: expect.objectContaining({ name: "Sailors" }) },
      channels: {
        [news]: expect.objectContaining({
          name: "news",
          permissions: expect.stringMatching(/^\d+$/),
          app_permissions: expect.stringMatching(/^\d+$/),
        }),
      },
      attachments: { "9": file },
    },
  });
  expect(buildCommandData(context, { ...command, guild_id: harbour }, [], sender)).toEqual({
    id: "7",
    name: "x",
    type: 1,
    guild_id: harbour,
  });
  const resolved = buildCommandData(context, command, options, sender) as {
    resolved: { members: Record<string, object>; channels: Record<string, object> };
  };
  for (const left of ["user", "deaf", "mute"]) expect(resolved.resolved.members[ada]).not.toHaveProperty(left);
  expect(resolved.resolved.channels[news]).not.toHaveProperty("permission_overwrites");
});

it("names the target of a user's context menu, a member only where there is one", () => {
  const { context, world, senderOf } = start();
  const command = { id: "7", name: "Who", type: 2 } as APIApplicationCommand;
  const data = (userId: string) => {
    const user = world.users.get(userId);
    return user && buildUserData(context, command, user, senderOf(linus, general));
  };
  expect(data(grace)).toMatchObject({
    id: "7",
    name: "Who",
    type: 2,
    target_id: grace,
    resolved: { users: { [grace]: { username: "grace.h" } }, members: { [grace]: { nick: "Harbour master" } } },
  });
  expect(data(stranger)?.resolved).toEqual({ users: { [stranger]: world.users.get(stranger) } });
  expect(buildPing(context)).toEqual({
    application_id: bot,
    type: 1,
    version: 1,
    entitlements: [],
    authorizing_integration_owners: {},
  });
});

const [guildOnly, botDm, anywhere] = [[0], [1], [0, 1, 2]];
it.each<[string, object, string, boolean, unknown]>([
  ["a command of no context in a server", {}, general, false, undefined],
  ["a command of no context in direct messages", {}, "dm", false, undefined],
  [
    "a command of no context in a group",
    {},
    "group-dm",
    false,
    "/x is not available in private channels without the bot.",
  ],
  [
    "a server's command in direct messages",
    { contexts: guildOnly },
    "dm",
    false,
    "/x is not available in direct messages with the bot.",
  ],
  ["a command of direct messages in a server", { contexts: botDm }, general, false, "/x is not available in servers."],
  ["a person's command in a group", { contexts: anywhere, integration_types: [1] }, "group-dm", false, undefined],
  [
    "a server's command in a group",
    { contexts: anywhere, integration_types: [0] },
    "group-dm",
    false,
    "/x is not available where a user installed the application.",
  ],
  [
    "a person's command that the server installed",
    { integration_types: [1] },
    general,
    false,
    "/x is not available where a server installed the application.",
  ],
  ["a person's command that the person installed", { integration_types: [1] }, general, true, undefined],
  [
    "a command of no installation that the person installed",
    {},
    general,
    true,
    "/x is not available where a user installed the application.",
  ],
  ["a person's command in direct messages", { integration_types: [1] }, "dm", false, undefined],
  [
    "a command for managers",
    { default_member_permissions: "32" },
    general,
    false,
    "linus lacks the permissions to use /x here.",
  ],
  [
    "a command for administrators",
    { default_member_permissions: "0" },
    general,
    false,
    "linus lacks the permissions to use /x here.",
  ],
  ["a command for those who may write", { default_member_permissions: "2048" }, general, false, undefined],
  ["a command for managers in direct messages", { default_member_permissions: "32" }, "dm", false, undefined],
  ["a command of a context menu", { type: 2, contexts: botDm }, general, false, '"x" is not available in servers.'],
])("judges %s", (_name, more, channelId, isUserInstall, expected) => {
  const { senderOf } = start();
  const command = { name: "x", type: 1, ...more } as APIApplicationCommand;
  expect(attempt(() => checkAvailable(command, senderOf(linus, channelId, isUserInstall)))).toBe(expected);
});

it("offers a command through the server's install, else through the person's, else not", () => {
  const { senderOf } = start();
  const offer = (more: object, channel = general) =>
    offerOf({ name: "x", type: 1, ...more } as APIApplicationCommand, senderOf(linus, channel));
  expect(offer({})).toEqual({ isUserInstall: false });
  expect(offer({ integration_types: [0, 1] })).toEqual({ isUserInstall: false });
  expect(offer({ integration_types: [1] })).toEqual({ isUserInstall: true });
  expect(offer({ contexts: anywhere, integration_types: [1] }, "group-dm")).toEqual({ isUserInstall: true });
  expect(offer({ contexts: botDm })).toBeUndefined();
});
