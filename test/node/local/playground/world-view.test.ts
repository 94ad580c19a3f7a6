import { expect, it } from "vitest";
import { createDiscordSimulator } from "../../../../local/discord/index.ts";
import { viewWorld } from "../../../../local/playground/server/world-view.ts";
import { ada, general, grace, linus, moderators, stranger } from "./support.ts";

function look(personId: string) {
  const simulator = createDiscordSimulator({ interactionsUrl: "http://bot.invalid/interactions" });
  simulator.registerCommands([
    { name: "ping", description: "Is it awake?" },
    { name: "ban", description: "Out", default_member_permissions: "32" },
  ]);
  const asked: string[] = [];
  const view = viewWorld(
    simulator,
    {
      of: (person, channel) => {
        asked.push(`${person} ${channel}`);
        return { unread: 3, isMentioned: true };
      },
      read() {},
      clear() {},
    },
    personId,
  );
  const commandId = (name: string) => simulator.commands().find((command) => command.name === name)?.id ?? "";
  return { view, asked, commandId, simulator };
}

it("shows a server with its picture, roles, members and channels, and what is unread there", () => {
  const { view, asked, commandId } = look(ada);
  const [harbour] = view.guilds;
  expect(harbour).toMatchObject({
    id: "1100000000000000100",
    name: "The Harbour",
    icon: "/cdn/icons/1100000000000000100/0.png",
  });
  expect(harbour?.roles).toContainEqual({ id: "1100000000000000102", name: "Sailors", color: 0x3498db });
  expect(harbour?.members.length).toBeGreaterThan(3);
  const channel = harbour?.channels.find(({ id }) => id === general);
  expect(channel).toEqual({
    id: general,
    type: 0,
    name: "general",
    topic: "Anything.",
    parentId: "1100000000000000110",
    unread: 3,
    isMentioned: true,
    commands: expect.arrayContaining([commandId("ping"), commandId("ban")]),
  });
  expect(asked).toContain(`${ada} ${general}`);
  // In a category nothing can be said.
  const category = harbour?.channels.find(({ name }) => name === "Piers");
  expect(category).toMatchObject({ commands: [] });
  expect(category).not.toHaveProperty("topic");
  expect(category).not.toHaveProperty("parentId");
});

it("offers a person those commands alone that Discord would", () => {
  const { view, commandId } = look(linus);
  const channel = view.guilds[0]?.channels.find(({ id }) => id === general);
  expect(channel?.commands).toContain(commandId("ping"));
  expect(channel?.commands).not.toContain(commandId("ban"));
});

it("shows no server that the person is not in, and no channel that the person cannot see", () => {
  expect(look(stranger).view.guilds).toEqual([]);
  expect(look(ada).view.guilds.map(({ name }) => name)).toEqual(["The Harbour"]);
  expect(look(grace).view.guilds).toHaveLength(2);
  const { view } = look(linus);
  expect(view.guilds[0]?.channels.some(({ id }) => id === moderators)).toBe(false);
  expect(view.names).not.toHaveProperty(moderators);
  expect(look(ada).view.names[moderators]).toEqual({ name: "moderators", kind: "channel" });
});

it("shows the direct messages with the bot and the group, the application, and the names behind mentions", () => {
  const { view, simulator } = look(ada);
  expect(view.directs.map(({ name }) => name)).toEqual(["sandpiper", "Friends"]);
  expect(view.directs[0]?.id).toBe(simulator.world.directChannels.get(ada)?.id);
  expect(view.application).toMatchObject({ id: simulator.applicationId, name: "sandpiper" });
  expect(view.me).toMatchObject({ id: ada });
  expect(view.names[ada]).toEqual({ name: "Ada", kind: "user" });
  expect(view.names[linus]).toEqual({ name: "linus", kind: "user" });
  expect(view.names["1100000000000000102"]).toEqual({ name: "Sailors", kind: "role", color: 0x3498db });
});

it("is of people who are there", () => {
  expect(() => look("5")).toThrow("There is no user 5.");
});
