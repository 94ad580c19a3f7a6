import { expect, it } from "vitest";
import type { GivenOption, PickedFiles } from "../../../../local/discord/index.ts";
import { ada, bot, general, grace, harbour, hidden, linus, robin, stranger } from "./interactions/support.ts";
import { says, startBot } from "./support.ts";

// What a person does with fields and lists, by IDs.

const here = { userId: linus, channelId: general };
const text = { type: 3, description: "x" };
const file = { type: 11, description: "x" };

/** A bot of every kind of command, and their IDs by name. */
async function start() {
  const { simulator, api } = await startBot(says("x"));
  simulator.registerCommands([
    { name: "ping", description: "x" },
    {
      name: "upload",
      description: "x",
      options: [
        { ...file, name: "file" },
        { ...text, name: "about" },
      ],
    },
    {
      name: "deep",
      description: "x",
      options: [{ type: 1, name: "down", description: "x", options: [{ ...file, name: "file" }] }],
    },
    { name: "find", description: "x", options: [{ ...text, name: "what", autocomplete: true }] },
    { name: "mine", description: "x", integration_types: [1] },
    { name: "rule", description: "x", default_member_permissions: "0" },
    { name: "Greet", type: 2 },
    { name: "Quote", type: 3 },
    { name: "launch", type: 4 },
  ]);
  const { byId } = simulator;
  const idOf = (name: string) => simulator.commands().find((one) => one.name === name)?.id ?? "";
  const command = (name: string, options: GivenOption[] = [], files: PickedFiles = new Map()) =>
    byId.command(here, idOf(name), options, files);
  const menu = (name: string, targetId: string, place = here) => byId.menu(place, idOf(name), targetId);
  return { simulator, api, byId, idOf, command, menu };
}

const names = (commands: readonly { name: string }[]) => commands.map(({ name }) => name);

it("offers the commands that a person may use in the channel, the server's in place of global ones", async () => {
  const { simulator, api, byId } = await start();
  expect(names(byId.offered(here))).toEqual(["ping", "upload", "deep", "find", "mine", "Greet", "Quote", "launch"]);
  expect(names(byId.offered({ userId: ada, channelId: general }))).toContain("rule");
  const guild = `/applications/${bot}/guilds/${harbour}/commands`;
  await api("POST", guild, { name: "ping", description: "Here" });
  await api("POST", guild, { name: "find", type: 3 });
  const offered = byId.offered(here);
  expect(offered.slice(0, 3).map(({ name, description }) => [name, description])).toEqual([
    ["ping", "Here"],
    ["find", ""],
    ["upload", "x"],
  ]);
  expect(names(offered).filter((name) => name === "ping" || name === "find")).toEqual(["ping", "find", "find"]);
  expect(() => byId.offered({ userId: linus, channelId: hidden })).toThrow("That person cannot see that channel.");
  expect(names(byId.offered({ userId: linus, channelId: simulator.world.groupChannel.id }))).toEqual([]);
});

it("sends a command as the server's install has it, or as the person's", async () => {
  const { command, simulator, byId } = await start();
  expect(await command("ping")).toMatchObject({
    type: 2,
    data: { name: "ping", type: 1 },
    member: { user: { id: linus } },
    authorizing_integration_owners: { "0": harbour },
  });
  expect(await command("mine")).toMatchObject({ authorizing_integration_owners: { "1": linus } });
  const launched = await command("launch");
  expect(launched).toMatchObject({ type: 2, data: { name: "launch", type: 4 } });
  await expect(command("rule")).rejects.toThrow('linus cannot use "rule" here.');
  await expect(command("Greet")).rejects.toThrow('"Greet" is a command of a context menu.');
  await expect(byId.command(here, "5", [], new Map())).rejects.toThrow("This command is outdated");
  await expect(byId.command({ ...here, channelId: hidden }, "5", [], new Map())).rejects.toThrow("cannot see");
  expect(simulator.visibleMessages()).toEqual([]);
});

it("sends the files that a person picked, in subcommands too, and none that is missing or too large", async () => {
  const { command, simulator } = await start();
  const files: PickedFiles = new Map([
    ["f1", { name: "a.txt", type: "text/plain", data: "hello" }],
    ["f2", { name: "big.bin", data: new Uint8Array(10 * 1_048_576 + 1) }],
  ]);
  const picked = { name: "file", type: 11, value: "f1" };
  const about = { name: "about", type: 3, value: "f1" };
  const sent = (await command("upload", [picked, about], files)) as {
    data: { options: { value: string }[]; resolved: { attachments: Record<string, object> } };
  };
  const [id = ""] = Object.keys(sent.data.resolved.attachments);
  expect(sent.data.options.map(({ value }) => value)).toEqual([id, "f1"]);
  expect(sent.data.resolved.attachments[id]).toMatchObject({ id, filename: "a.txt", size: 5, ephemeral: true });
  expect([...simulator.files.keys()]).toEqual([`${general}/${id}/a.txt`]);
  expect(await command("deep", [{ name: "down", type: 1, options: [picked] }], files)).toMatchObject({
    data: { options: [{ name: "down", options: [{ name: "file", value: expect.stringMatching(/^\d+$/) }] }] },
  });
  expect(await command("upload", [{ name: "file", type: 11 }], files)).not.toHaveProperty("data.options");
  await expect(command("upload", [{ ...picked, value: "f3" }], files)).rejects.toThrow('"file" takes a file.');
  await expect(command("upload", [{ ...picked, value: "f2" }], files)).rejects.toThrow("big.bin is too large");
});

it("asks for the choices of the option that is being typed", async () => {
  const { byId, idOf } = await start();
  const typed = { name: "what", type: 3, value: "a", focused: true };
  expect(byId.complete(here, idOf("find"), [typed])).toMatchObject({
    type: 4,
    data: { name: "find", options: [{ name: "what", value: "a", focused: true }] },
  });
  expect(() => byId.complete(here, idOf("ping"), [])).toThrow("must have the cursor");
});

it("uses a command of a menu on a person or a message that exists and is shown", async () => {
  const { simulator, menu } = await start();
  expect(menu("Greet", grace)).toMatchObject({
    type: 2,
    data: { name: "Greet", target_id: grace, resolved: { users: { [grace]: { username: "grace.h" } } } },
  });
  expect(() => menu("Greet", "5")).toThrow("There is no such user.");
  const said = simulator.byId.say(here, "hello");
  expect(menu("Quote", said.id)).toMatchObject({
    type: 2,
    data: { name: "Quote", target_id: said.id, resolved: { messages: { [said.id]: { content: "hello" } } } },
  });
  simulator.keepMessage({ ...said, id: "7", flags: 64 }, ada);
  expect(menu("Quote", "7", { userId: ada, channelId: general })).toMatchObject({ data: { target_id: "7" } });
  for (const id of ["5", "7"]) expect(() => menu("Quote", id)).toThrow("There is no such message here.");
  expect(() => menu("ping", said.id)).toThrow('"ping" is not a command of a context menu.');
});

it("posts what a person writes, trimmed, without telling the bot", async () => {
  const { simulator, byId } = await start();
  const [place, told] = [{ userId: robin, channelId: general }, [] as unknown[]];
  simulator.on((event) => told.push(event.type));
  const said = byId.say(place, "  hello <@1100000000000000011> ");
  expect(said).toMatchObject({
    channel_id: general,
    author: { id: robin },
    content: "hello <@1100000000000000011>",
    timestamp: "2026-06-01T12:00:00.000Z",
    mentions: [{ id: ada }],
    tts: false,
    pinned: false,
    type: 0,
    flags: 0,
  });
  expect([simulator.visibleMessages(), told]).toEqual([[said], ["message"]]);
  for (const empty of ["", " \n "]) expect(() => byId.say(place, empty)).toThrow("An empty message cannot be sent.");
  expect(byId.say(place, ` ${"x".repeat(2_000)} `).content).toHaveLength(2_000);
  expect(() => byId.say(place, "x".repeat(2_001))).toThrow("has at most 2,000 characters. Yours has 2,001.");
});

it("lets a person write who may, in a thread by its own permission, and ping all who may", async () => {
  const { simulator, byId } = await start();
  const everyone = simulator.world.guilds.get(harbour)?.roles.get(harbour);
  const allow = (bits: bigint) => Object.assign(everyone ?? {}, { permissions: String(1_024n | bits) });
  const say = (channelId = general, userId = linus) => {
    const member = simulator.world.guilds.get(harbour)?.members.get(userId);
    Object.assign(member ?? {}, { roles: [] });
    try {
      const { mention_everyone, mention_roles } = byId.say({ userId, channelId }, "@everyone <@&1100000000000000101>");
      return [mention_everyone, mention_roles.length];
    } catch (error) {
      return (error as Error).message;
    }
  };
  const [write, writeInThreads, pingAll] = [1n << 11n, 1n << 38n, 1n << 17n];
  const knots = "1100000000000000115";
  const refused = "linus does not have permission to send messages in this channel.";
  allow(0n);
  expect([say(), say(knots)]).toEqual([refused, refused]);
  allow(write);
  expect([say(), say(knots)]).toEqual([[false, 0], refused]);
  allow(writeInThreads);
  expect([say(), say(knots)]).toEqual([refused, [false, 0]]);
  allow(write | pingAll);
  expect(say()).toEqual([true, 1]);
  // In direct messages a person may write, and pings persons alone.
  const direct = (await simulator.command("/ping", { user: "stranger", channel: "dm" })).messages[0]?.channel_id ?? "";
  expect(say(direct, stranger)).toEqual([false, 0]);
});
