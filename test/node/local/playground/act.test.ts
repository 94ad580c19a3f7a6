import { PermissionFlagsBits } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { ada, general, linus, moderators, robin, says, startPlayground, stranger } from "./support.ts";

const everything = {
  name: "show",
  description: "Takes all kinds",
  options: [
    { type: 3, name: "text", description: "Text", required: true, max_length: 20 },
    { type: 4, name: "count", description: "How many", min_value: 1, max_value: 5 },
    { type: 10, name: "ratio", description: "How much" },
    { type: 5, name: "loud", description: "Loudly" },
    { type: 6, name: "who", description: "Whom" },
    { type: 7, name: "where", description: "Where", channel_types: [0] },
    { type: 8, name: "role", description: "As what" },
    { type: 3, name: "colour", description: "Which", choices: [{ name: "Red", value: "#f00" }] },
    { type: 11, name: "file", description: "A file" },
    { type: 3, name: "tag", description: "A tag", autocomplete: true },
  ],
};
const commands = [
  { name: "ping", description: "Is it awake?" },
  everything,
  { name: "Who is", type: 2 },
  { name: "Quote", type: 3 },
  { name: "ban", description: "For some", default_member_permissions: "4" },
  {
    name: "remind",
    description: "Reminders",
    options: [
      {
        type: 1,
        name: "me",
        description: "Me",
        options: [{ type: 3, name: "in", description: "When", required: true }],
      },
    ],
  },
];

/** A bot that answers with what it got, or as the test says. */
const start = (answer?: object) =>
  startPlayground((_, { data }) => {
    const content = JSON.stringify(data?.options ?? data?.name ?? data?.custom_id);
    return Response.json(answer ?? { type: 4, data: { content: content.slice(0, 2_000) } });
  }, commands);

describe("a command by structured options", () => {
  it("reaches the Worker with values of their types", async () => {
    const { act, look, commandId } = start();
    const stream = await look(ada);
    const options = [
      { name: "text", type: 3, value: 'about:tea "x" \\' },
      { name: "count", type: 4, value: 3 },
      { name: "ratio", type: 10, value: 0.5 },
      { name: "loud", type: 5, value: true },
      { name: "who", type: 6, value: linus },
      { name: "where", type: 7, value: general },
      { name: "colour", type: 3, value: "#f00" },
    ];
    const { status, body } = await act(ada, { do: "command", commandId: commandId("show"), options });
    expect([status, body]).toEqual([200, { exchange: expect.stringMatching(/^\d{17,20}$/) }]);
    const { view } = await stream.until("message");
    expect(JSON.parse(view.message.content)).toEqual(options);
    const { exchange } = await stream.until("exchange", (event) => event.exchange.status === 200);
    expect(exchange).toMatchObject({
      id: body.exchange,
      kind: "command",
      title: `/show text:"about:tea \\"x\\" \\\\" count:3 ratio:0.5 loud:true who:@linus where:#general colour:#f00`,
      person: { username: "ada" },
      channelId: general,
      problems: [],
    });
    expect(JSON.parse(exchange.request.body)).toMatchObject({ data: { resolved: { users: { [linus]: {} } } } });
    expect(exchange.request.headers).toHaveProperty("X-Signature-Ed25519");
  });

  it("brings its files as form data of the page's own origin", async () => {
    const { act, api, look, commandId } = start();
    const stream = await look(ada);
    const form = new FormData();
    const what = {
      do: "command",
      commandId: commandId("show"),
      options: [
        { name: "text", type: 3, value: "a" },
        { name: "file", type: 11, value: "f0" },
      ],
    };
    form.set("payload", JSON.stringify(what));
    form.set("f0", new File(["tea"], "tea.txt", { type: "text/plain" }));
    const path = `/act?person=${ada}&channel=${general}`;
    expect(await api("POST", path, form)).toMatchObject({ status: 403 });
    expect(await api("POST", path, form, { Origin: "https://evil.example" })).toMatchObject({ status: 403 });
    expect(await api("POST", path, form, { Origin: "http://127.0.0.1:8788" })).toMatchObject({ status: 200 });
    const { exchange } = await stream.until("exchange", (event) => event.exchange.status === 200);
    const { data } = JSON.parse(exchange.request.body);
    expect(data.resolved.attachments[data.options[1].value]).toMatchObject({ filename: "tea.txt", size: 3 });
    expect(await act(ada, what)).toMatchObject({ status: 400, body: { error: 'The option "file" takes a file.' } });
  });

  it.each<[string, unknown, string]>([
    ["show", [], '/show needs the option "text".'],
    ["show", [{ name: "text", type: 3, value: "x".repeat(21) }], "takes 0 to 20 characters"],
    ["show", [{ name: "text", type: 4, value: 1 }], '/show has no option "text"'],
    ["show", [{ name: "nope", type: 3, value: "a" }], '/show has no option "nope"'],
    ["show", [1, 2].map(() => ({ name: "text", type: 3, value: "a" })), 'The option "text" is given twice.'],
    [
      "show",
      [
        { name: "text", type: 3, value: "a" },
        { name: "count", type: 4, value: 6 },
      ],
      "takes 5 or less",
    ],
    [
      "show",
      [
        { name: "text", type: 3, value: "a" },
        { name: "count", type: 4, value: 1.5 },
      ],
      "a whole number",
    ],
    [
      "show",
      [
        { name: "text", type: 3, value: "a" },
        { name: "colour", type: 3, value: "Red" },
      ],
      "one of its choices",
    ],
    [
      "show",
      [
        { name: "text", type: 3, value: "a" },
        { name: "who", type: 6, value: "1" },
      ],
      'not "1"',
    ],
    ["remind", [], "/remind needs one subcommand. It has: me."],
    ["remind", [{ name: "me", type: 1, options: [] }], '/remind me needs the option "in".'],
    ["remind", [{ name: "you", type: 1, options: [] }], "needs one subcommand"],
    ["Quote", [], "context menu"],
  ])("is refused for %s %j", async (name, options, sentence) => {
    const { act, commandId } = start();
    const refused = await act(ada, { do: "command", commandId: commandId(name), options });
    expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining(sentence) } });
  });

  it("is refused where the person's client would not offer it", async () => {
    const { act, commandId, simulator } = start();
    const what = { do: "command", commandId: commandId(), options: [] };
    expect(await act(stranger, what)).toMatchObject({ status: 403 });
    expect(await act(linus, what, moderators)).toMatchObject({ status: 403 });
    expect(await act("1", what)).toMatchObject({ status: 404 });
    expect(await act(simulator.applicationId, what)).toMatchObject({ status: 404 });
    expect(await act(linus, { ...what, commandId: commandId("ban") })).toMatchObject({
      status: 400,
      body: { error: 'linus cannot use "ban" here.' },
    });
    expect(await act(ada, { ...what, commandId: general })).toMatchObject({
      status: 400,
      body: { error: "This command is outdated, please try again in a few minutes" },
    });
  });
});

describe("a command of a context menu", () => {
  it("is used on a user and on a message", async () => {
    const { act, look, commandId, ping } = start();
    const stream = await look(ada);
    await ping();
    const { view } = await stream.until("message");
    await act(ada, { do: "user-command", commandId: commandId("Who is"), target: linus });
    await stream.until("exchange", ({ exchange }) => exchange.title === "Who is → linus" && exchange.status === 200);
    await act(ada, { do: "message-command", commandId: commandId("Quote"), target: view.message.id });
    await stream.until("exchange", ({ exchange }) => exchange.title === "Quote → a message" && exchange.status === 200);
    const wrong = await act(ada, { do: "message-command", commandId: commandId("Quote"), target: linus });
    expect(wrong).toMatchObject({ status: 400 });
  });
});

describe("what a person writes", () => {
  it("is seen by all in the channel, reaches no Worker, and can be the target of a message's command", async () => {
    const { act, look, commandId } = start();
    const [hers, his] = [await look(ada), await look(linus)];
    expect(await act(ada, { do: "say", text: ` hello <@${linus}> ` })).toMatchObject({ status: 200, body: {} });
    const { view, channelId } = await his.until("message");
    expect([channelId, view.message.content, view.message.author.username]).toEqual([
      general,
      `hello <@${linus}>`,
      "ada",
    ]);
    expect(view.message.mentions.map(({ id }) => id)).toEqual([linus]);
    expect(await his.until("unread")).toMatchObject({ unread: 1, isMentioned: true });
    expect(hers.of("unread").at(-1)).toMatchObject({ unread: 0 });
    expect(hers.of("exchange")).toEqual([]);
    await act(linus, { do: "message-command", commandId: commandId("Quote"), target: view.message.id });
    const { exchange } = await his.until("exchange", (event) => event.exchange.status === 200);
    expect(JSON.parse(exchange.request.body).data.resolved.messages[view.message.id].content).toContain("hello");
  });

  it("is refused as Discord's client refuses it", async () => {
    const { act, simulator } = start();
    const refused = async (person: string, text: string) => (await act(person, { do: "say", text })).body.error;
    expect(await refused(ada, "  ")).toBe("An empty message cannot be sent.");
    expect(await refused(ada, "x".repeat(2_001))).toBe("A message has at most 2,000 characters. Yours has 2,001.");
    const [guild] = simulator.world.guilds.values();
    const deny = String(PermissionFlagsBits.SendMessages);
    Object.assign(guild?.channels.get(general) ?? {}, {
      permission_overwrites: [{ id: guild?.guild.id, type: 0, allow: "0", deny }],
    });
    expect(await refused(linus, "hi")).toBe("linus does not have permission to send messages in this channel.");
    expect(await refused(ada, "hi")).toBeUndefined();
  });

  it("pings everyone for those who may", async () => {
    const { act, look } = start();
    const stream = await look(robin);
    await act(linus, { do: "say", text: "@everyone" });
    await act(ada, { do: "say", text: "@everyone" });
    await stream.until("message", () => stream.of("message").length === 2);
    expect(stream.of("message").map(({ view }) => view.message.mention_everyone)).toEqual([false, true]);
  });
});

describe("an option that is being typed", () => {
  const typing = { do: "complete", options: [{ name: "tag", type: 3, value: "p", focused: true }] };

  it("is answered with the Worker's choices", async () => {
    const { act, commandId } = start({ type: 8, data: { choices: [{ name: "Ping", value: "ping" }] } });
    const { body } = await act(ada, { ...typing, commandId: commandId("show") });
    expect(body).toEqual({ choices: [{ name: "Ping", value: "ping" }] });
  });

  it("is answered with the reasons when the Worker fails", async () => {
    const { act, commandId } = start({ type: 4, data: { content: "no" } });
    const { body } = await act(ada, { ...typing, commandId: commandId("show") });
    expect(body).toEqual({ reasons: [expect.stringContaining("type: Value must be one of {8}")] });
  });
});

describe("a poll of Discord's own", () => {
  it("takes votes, shows each person theirs, and ends in its time", async () => {
    const { act, look, rest, clock } = startPlayground(says("hello"));
    const stream = await look(ada);
    const poll = {
      question: { text: "Lunch?" },
      answers: ["Pizza", "Sushi"].map((text) => ({ poll_media: { text } })),
      duration: 1,
    };
    await rest("POST", `/channels/${general}/messages`, { poll });
    const { view } = await stream.until("message");
    const messageId = view.message.id;
    expect(await act(ada, { do: "vote", messageId, answers: [1, 2] })).toMatchObject({ status: 400 });
    await act(ada, { do: "vote", messageId, answers: [1] });
    await act(robin, { do: "vote", messageId, answers: [1] });
    const voted = await stream.until(
      "message",
      (event) => event.view.message.poll?.results?.answer_counts[0]?.count === 2,
    );
    expect(voted.view.message.poll?.results).toMatchObject({ answer_counts: [{ id: 1, count: 2, me_voted: true }] });
    clock.move(3_600_000);
    await stream.until("message", (event) => event.view.message.poll?.results?.is_finalized === true);
    expect(await act(ada, { do: "vote", messageId, answers: [2] })).toMatchObject({
      body: { error: "The poll has ended." },
    });
  });
});

describe("what the page sends", () => {
  it.each<unknown>([
    "{",
    "null",
    "[]",
    { do: "explode" },
    { do: "command" },
    { do: "command", commandId: "../x", options: [] },
    { do: "command", commandId: general, options: "all" },
    { do: "command", commandId: general, options: Array.from({ length: 26 }, () => ({ name: "a", type: 3 })) },
    { do: "click", messageId: "__proto__", customId: "x" },
    { do: "click", messageId: general, customId: "x".repeat(101) },
    { do: "submit", token: {}, fields: {} },
    { do: "submit", token: "constructor", fields: { __proto__: 1 } },
    { do: "vote", messageId: general, answers: ["1"] },
    { do: "read", channelId: "general" },
  ])("is refused in a sentence: %j", async (body) => {
    const { api } = start();
    const { status, body: answer } = await api("POST", `/act?person=${ada}&channel=${general}`, body);
    expect([status, typeof answer.error]).toEqual([400, "string"]);
  });
});
