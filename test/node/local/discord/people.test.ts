import { describe, expect, it } from "vitest";
import { ada, general, grace, harbour, linus, news, robin, stranger } from "./interactions/support.ts";
import { startBot } from "./support.ts";

// What Discord's client lets people do, and what it does not.

const button = (more: object = {}) => ({ type: 2, style: 1, label: "Go", custom_id: "go", ...more });
const row = (...components: object[]) => ({ type: 1, components });
const options = ["a", "b", "c"].map((value) => ({ label: value.toUpperCase(), value }));

/** A bot that answers every command with this, and clicks and forms with "done". */
const answering = (first: object) =>
  startBot(async (request) => {
    const { type } = (await request.json()) as { type: number };
    return Response.json(type === 2 ? first : { type: 4, data: { content: "done" } });
  });

describe("a message for one person's eyes", () => {
  it("is seen, clicked and quoted by no other person", async () => {
    const { simulator, api } = await answering({
      type: 4,
      data: { content: "psst", flags: 64, components: [row(button())] },
    });
    const { messages } = await simulator.command("/ping");
    const id = messages[0]?.id ?? "";
    expect(simulator.visibleMessages().map((one) => one.id)).toEqual([id]);
    expect(simulator.visibleMessages({ user: "robin" })).toEqual([]);
    await expect(simulator.click(id, {}, { user: "robin" })).rejects.toThrow("that robin can see");
    expect((await simulator.click(id, {})).messages[0]?.content).toBe("done");
    // Nor by the bot, over the REST API.
    const path = "/channels/1100000000000000111/messages";
    expect(JSON.stringify((await api("GET", path)).body)).not.toContain("psst");
    for (const method of ["GET", "PATCH", "DELETE"])
      expect(await api(method, `${path}/${id}`, method === "PATCH" ? { content: "x" } : undefined)).toMatchObject({
        status: 404,
        body: { code: 10_008 },
      });
  });
});

describe("a button or a menu", () => {
  it("sends nothing while it is disabled", async () => {
    const { simulator } = await answering({
      type: 4,
      data: {
        content: "x",
        components: [row(button({ disabled: true })), row({ type: 3, custom_id: "m", options, disabled: true })],
      },
    });
    const id = (await simulator.command("/ping")).messages[0]?.id ?? "";
    await expect(simulator.click(id, {})).rejects.toThrow('The button "Go" is disabled.');
    await expect(simulator.select(id, {}, ["A"])).rejects.toThrow('The menu "m" is disabled.');
  });

  it("takes as many choices as it says, each once", async () => {
    const { simulator } = await answering({
      type: 4,
      data: { content: "x", components: [row({ type: 3, custom_id: "m", options, min_values: 1, max_values: 2 })] },
    });
    const id = (await simulator.command("/ping")).messages[0]?.id ?? "";
    for (const chosen of [["A"], ["A", "B"]]) expect((await simulator.select(id, {}, chosen)).problems).toEqual([]);
    for (const chosen of [[], ["A", "B", "C"]])
      await expect(simulator.select(id, {}, chosen)).rejects.toThrow(`takes 1 to 2 choices, not ${chosen.length}`);
    await expect(simulator.select(id, {}, ["A", "A"])).rejects.toThrow("cannot be chosen twice");
  });
});

describe("a form", () => {
  const form = (more: object = {}) => ({
    type: 9,
    data: {
      custom_id: "f",
      title: "F",
      components: [{ type: 18, label: "Name", component: { type: 4, custom_id: "n", style: 1, ...more } }],
    },
  });

  it("is submitted once, by the person who opened it", async () => {
    const { simulator } = await answering(form());
    const { token } = (await simulator.command("/ping")).interaction;
    await expect(simulator.submit(token, { Name: "x" }, { user: "robin" })).rejects.toThrow(
      "robin cannot see that form",
    );
    expect((await simulator.submit(token, { Name: "x" })).messages[0]?.content).toBe("done");
    await expect(simulator.submit(token, { Name: "x" })).rejects.toThrow("already been submitted");
  });

  it("is submitted in the channel and for the install that it was opened for, beside its message", async () => {
    const { simulator, sent } = await startBot(async (request) => {
      const { type } = (await request.json()) as { type: number };
      if (type === 3) return Response.json(form());
      return Response.json({ type: 4, data: { content: "x", components: [row(button())] } });
    });
    simulator.registerCommands([{ name: "ping", description: "x", integration_types: [0, 1] }]);
    const from = { user: "linus", channel: "#news", userInstall: true };
    const [message] = (await simulator.command("/ping", from)).messages;
    const id = message?.id ?? "";
    await expect(simulator.click(id, {}, { channel: "#general" })).rejects.toThrow("There is no message");
    const clicked = await simulator.click(id, {}, { user: "grace.h" });
    expect(sent.at(-1)).toMatchObject({
      channel_id: news,
      message: { id },
      member: { user: { id: grace } },
      // Of the command, whose person need not be the one who clicks.
      authorizing_integration_owners: { "1": linus },
    });
    await expect(simulator.submit("x", {})).rejects.toThrow("That interaction was not answered with a form.");
    expect(() => simulator.openForm({ user: "linus" })).toThrow("linus has no open form.");
    expect(simulator.openForm({ user: "grace.h" })).toBe(clicked.interaction.token);
    const submitted = await simulator.submit(clicked.interaction.token, { Name: "x" });
    expect(sent.at(-1)).toMatchObject({
      type: 5,
      channel_id: news,
      message: { id },
      member: { user: { id: grace } },
      authorizing_integration_owners: { "1": linus },
    });
    expect(submitted.messages[0]?.interaction_metadata).toMatchObject({
      user: { id: grace },
      triggering_interaction_metadata: { id: clicked.interaction.id, interacted_message_id: id },
    });
    expect(() => simulator.openForm({ user: "grace.h" })).toThrow("grace.h has no open form.");
    const refused = await simulator.command("/ping");
    await expect(simulator.submit(refused.interaction.token, {})).rejects.toThrow("not answered with a form");
  });

  it("opened by a command has no message, and is submitted in its server by default", async () => {
    const { simulator, sent } = await answering(form());
    const [first, second] = [await simulator.command("/ping"), await simulator.command("/ping")];
    await simulator.command("/ping", { user: "robin" });
    expect(simulator.openForm()).toBe(second.interaction.token);
    await simulator.submit(first.interaction.token, { Name: "x" });
    expect(sent.at(-1)).not.toHaveProperty("message");
    expect(sent.at(-1)).toMatchObject({ channel_id: general, authorizing_integration_owners: { "0": harbour } });
    const direct = await simulator.command("/ping", { user: "stranger", channel: "dm" });
    await simulator.submit(direct.interaction.token, { Name: "x" });
    expect(sent.at(-1)).toMatchObject({ context: 1, user: { id: stranger } });
    // A bare payload names no person and no owners: the default person cannot see its form.
    const bare = await simulator.send({ type: 2, data: { name: "ping" } });
    await expect(simulator.submit(bare.interaction.token, { Name: "x" })).rejects.toThrow("ada cannot see that form.");
    const own = await simulator.send({ type: 2, data: { name: "ping" }, user: { id: ada } });
    await simulator.submit(own.interaction.token, { Name: "x" });
    expect(sent.at(-1)).toMatchObject({ channel_id: general, authorizing_integration_owners: { "0": harbour } });
  });

  it("may change the message whose button opened it, and no other", async () => {
    const opening = { ...form() };
    const bot = await startBot(async (request) => {
      const { type, data } = (await request.json()) as { type: number; data: { name?: string } };
      if (type === 5) return Response.json({ type: 7, data: { content: "changed" } });
      if (data.name === "show")
        return Response.json({ type: 4, data: { content: "old", components: [row(button())] } });
      return Response.json(opening);
    });
    const direct = await bot.simulator.command("/ping");
    const refused = await bot.simulator.submit(direct.interaction.token, { Name: "x" });
    expect(refused.problems.join()).toContain("type: Value must be one of");
    const id = (await bot.simulator.command("/show")).messages[0]?.id ?? "";
    const clicked = await bot.simulator.click(id, {});
    const changed = await bot.simulator.submit(clicked.interaction.token, { Name: "x" });
    expect([changed.problems, bot.simulator.message(id)?.content]).toEqual([[], "changed"]);
  });

  it("takes texts between its lengths, in characters", async () => {
    const { simulator } = await answering(form({ min_length: 2, max_length: 3 }));
    const submit = async (text: string) =>
      simulator.submit((await simulator.command("/ping")).interaction.token, { Name: text });
    for (const text of ["ab", "abc", "🦀🦀", "🦀🦀🦀"]) expect((await submit(text)).problems).toEqual([]);
    for (const text of ["a", "abcd", "🦀", "🦀🦀🦀🦀"])
      await expect(submit(text)).rejects.toThrow(`takes 2 to 3 characters, not ${Array.from(text).length}`);
    await expect(submit("")).rejects.toThrow("must be filled in");
  });
});

describe("a command", () => {
  it("is offered to those who hold its permissions in the channel, and to administrators alone for none", async () => {
    const { simulator } = await answering({ type: 4, data: { content: "ran" } });
    simulator.registerCommands([
      { name: "moderate", description: "x", default_member_permissions: String((1 << 5) | (1 << 13)) },
      { name: "rule", description: "x", default_member_permissions: "0" },
    ]);
    expect((await simulator.command("/moderate", { user: "grace.h" })).problems).toEqual([]);
    expect((await simulator.command("/rule", { user: "ada" })).problems).toEqual([]);
    await expect(simulator.command("/moderate", { user: "robin" })).rejects.toThrow("robin lacks the permissions");
    await expect(simulator.command("/rule", { user: "grace.h" })).rejects.toThrow("grace.h lacks the permissions");
    // One of two permissions is not enough.
    const moderators = simulator.world.guilds.get("1100000000000000100")?.roles.get("1100000000000000101");
    Object.assign(moderators ?? {}, { permissions: String(1 << 5) });
    await expect(simulator.command("/moderate", { user: "grace.h" })).rejects.toThrow("grace.h lacks the permissions");
  });

  it("takes texts and numbers within its bounds, in characters", async () => {
    const { simulator } = await answering({ type: 4, data: { content: "ran" } });
    simulator.registerCommands([
      {
        name: "strict",
        description: "x",
        options: [
          { type: 3, name: "text", description: "x", min_length: 2, max_length: 3 },
          { type: 4, name: "count", description: "x", min_value: 1, max_value: 9 },
        ],
      },
    ]);
    for (const line of ["text:ab", "text:🦀🦀🦀", "count:1", "count:9"])
      expect((await simulator.command(`/strict ${line}`)).problems).toEqual([]);
    for (const [line, words] of [
      ["text:a", "2 to 3 characters"],
      ["text:🦀", "2 to 3 characters"],
      ["text:abcd", "2 to 3 characters"],
      ["count:0", "1 or more"],
      ["count:10", "9 or less"],
    ] as const)
      await expect(simulator.command(`/strict ${line}`)).rejects.toThrow(words);
  });

  it("is typed with the choices of its last option, where it is available", async () => {
    const { simulator, sent } = await startBot(() => Response.json({ type: 8, data: { choices: [] } }));
    const text = { type: 3, description: "x", autocomplete: true };
    simulator.registerCommands([
      {
        name: "find",
        description: "x",
        options: [
          { ...text, name: "what" },
          { ...text, name: "where" },
        ],
      },
      { name: "rule", description: "x", default_member_permissions: "0", options: [{ ...text, name: "what" }] },
    ]);
    expect(await simulator.autocomplete("/find what:a where:")).toMatchObject({
      answer: { kind: "choices" },
      problems: [],
    });
    expect(sent).toMatchObject([
      {
        type: 4,
        data: {
          options: [
            { name: "what", value: "a" },
            { name: "where", value: "", focused: true },
          ],
        },
        member: { user: { id: ada } },
      },
    ]);
    await expect(simulator.autocomplete("/rule what:a", { user: "robin" })).rejects.toThrow("robin lacks");
    await expect(simulator.autocomplete("/find")).rejects.toThrow("without an option to complete");
  });

  it("of a menu is used on a person or a message by name, and the entry point without", async () => {
    const { simulator, sent } = await answering({ type: 4, data: { content: "ran" } });
    await expect(simulator.entryPoint()).rejects.toThrow("The application has no entry point command.");
    simulator.registerCommands([
      { name: "Greet", type: 2 },
      { name: "Wave", type: 2, default_member_permissions: "0" },
      { name: "Quote", type: 3 },
      { name: "launch", type: 4 },
    ]);
    const [message] = (await simulator.userCommand("Greet", "@linus", { user: "robin" })).messages;
    expect(sent.at(-1)).toMatchObject({
      type: 2,
      data: { name: "Greet", type: 2, target_id: linus },
      member: { user: { id: robin } },
    });
    await simulator.messageCommand("Quote", message?.id ?? "", { user: "grace.h" });
    expect(sent.at(-1)).toMatchObject({
      data: { name: "Quote", type: 3, target_id: message?.id },
      member: { user: { id: grace } },
    });
    await simulator.entryPoint({ user: "linus" });
    expect(sent.at(-1)).toMatchObject({ data: { name: "launch", type: 4 }, member: { user: { id: linus } } });
    await expect(simulator.userCommand("Quote", "ada")).rejects.toThrow(
      'There is no command "Quote" in that context menu. Registered: "Greet", "Wave".',
    );
    await expect(simulator.userCommand("Wave", "ada", { user: "robin" })).rejects.toThrow(
      'robin lacks the permissions to use "Wave" here.',
    );
    await expect(simulator.userCommand("Greet", "5")).rejects.toThrow('There is no user "5".');
    await expect(simulator.messageCommand("Quote", "5")).rejects.toThrow(
      "There is no message 5 here that ada can see.",
    );
  });

  it("takes a file of 10 MiB, and none that is larger", async () => {
    const { simulator } = await answering({ type: 4, data: { content: "ran" } });
    simulator.registerCommands([
      { name: "upload", description: "x", options: [{ type: 11, name: "file", description: "x" }] },
    ]);
    const upload = (size: number) =>
      simulator.command("/upload", {}, { file: { name: "a.bin", data: new Uint8Array(size) } });
    expect((await upload(10 * 1_048_576)).problems).toEqual([]);
    expect([...simulator.files.keys()]).toEqual([expect.stringMatching(new RegExp(`^${general}/\\d+/a\\.bin$`))]);
    await expect(upload(10 * 1_048_576 + 1)).rejects.toThrow("a.bin is too large: the limit is 10 MiB.");
  });
});

it("shows every answer privately where only the person installed the application and may not use it publicly", async () => {
  const { simulator } = await answering({ type: 4, data: { content: "x" } });
  simulator.registerCommands([{ name: "ping", description: "x", integration_types: [0, 1] }]);
  const everyone = simulator.world.guilds.get("1100000000000000100")?.roles.get("1100000000000000100");
  const flags = async () => (await simulator.command("/ping", { user: "robin", userInstall: true })).messages[0]?.flags;
  expect(await flags()).toBe(0);
  Object.assign(everyone ?? {}, { permissions: String(BigInt(everyone?.permissions ?? 0) & ~(1n << 50n)) });
  expect(await flags()).toBe(64);
});
