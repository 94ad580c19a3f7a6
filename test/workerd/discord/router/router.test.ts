import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  command,
  commandTree,
  component,
  entryPoint,
  messageCommand,
  modal,
  subcommand,
  subcommandGroup,
  userCommand,
} from "../../../../src/bot/kit.ts";
import {
  checkHandlers,
  commandContext,
  ephemeral,
  guildOnly,
  launchActivity,
  needsPermissions,
  ownerOnly,
  updateMessage,
} from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { click, contextCommand, envelope, person, slash, slashWith, submission } from "../../../support/payloads.ts";

const description = "For a test";
const robin = { id: "1100000000000000015", username: "robin", discriminator: "0", avatar: null };
const roles = { "1100000000000000101": { id: "1100000000000000101", name: "Crew" } };
const channels = { "1100000000000000111": { id: "1100000000000000111", name: "general", type: 0, permissions: "0" } };
const attachments = { "77": { id: "77", filename: "a.txt", size: 3, url: "https://cdn.test/a.txt" } };
const resolved = { users: { [robin.id]: robin }, members: { [robin.id]: { roles: [] } }, roles, channels, attachments };

const answer = async (handlers: Parameters<typeof createTestBot>[0], payload: object) =>
  (await (await createTestBot(handlers)).interact(payload)).body;

describe("commands", () => {
  it("passes every type of option to the handler", async () => {
    const all = command({
      name: "all",
      description,
      options: [
        { type: "string", name: "text", description, required: true },
        { type: "integer", name: "count", description },
        { type: "number", name: "ratio", description },
        { type: "boolean", name: "loud", description },
        { type: "user", name: "who", description },
        { type: "channel", name: "where", description },
        { type: "role", name: "role", description },
        { type: "mentionable", name: "any", description },
        { type: "attachment", name: "upload", description },
        { type: "string", name: "missing", description },
      ],
      run: ({ options: o }) =>
        [
          o.text,
          o.count,
          o.ratio,
          o.loud,
          o.who?.user.username,
          o.where?.name,
          o.role?.name,
          o.any?.kind,
          o.upload?.filename,
          o.missing,
        ].join(" "),
    });
    const payload = slashWith(
      "all",
      [
        { name: "text", type: 3, value: "hello" },
        { name: "count", type: 4, value: 3 },
        { name: "ratio", type: 10, value: 0.5 },
        { name: "loud", type: 5, value: false },
        { name: "who", type: 6, value: robin.id },
        { name: "where", type: 7, value: "1100000000000000111" },
        { name: "role", type: 8, value: "1100000000000000101" },
        { name: "any", type: 9, value: "1100000000000000101" },
        { name: "upload", type: 11, value: "77" },
      ],
      resolved,
    );
    expect(await answer({ handlers: [all] }, payload)).toMatchObject({
      type: 4,
      data: { content: "hello 3 0.5 false robin general Crew role a.txt " },
    });
  });

  it("runs the handler of a subcommand, inside and outside a group", async () => {
    const leaf = (name: string) =>
      subcommand({
        description,
        options: [{ type: "string", name: "to", description }],
        run: ({ options }) => `${name} ${options.to ?? ""}`,
      });
    const tree = commandTree({
      name: "feed",
      description,
      subcommands: {
        list: leaf("list"),
        topic: subcommandGroup({ description, subcommands: { add: leaf("topic add"), list: leaf("topic list") } }),
      },
    });
    const call = (options: object[]) => answer({ handlers: [tree] }, slashWith("feed", options));
    expect(await call([{ name: "list", type: 1 }])).toMatchObject({ data: { content: "list " } });
    const add = { name: "add", type: 1, options: [{ name: "to", type: 3, value: "x" }] };
    expect(await call([{ name: "topic", type: 2, options: [add] }])).toMatchObject({
      data: { content: "topic add x" },
    });
    expect(await call([{ name: "gone", type: 1 }])).toMatchObject({ data: { flags: 64 } });
    expect(await call([])).toMatchObject({
      data: { flags: 64, content: expect.stringContaining("no command `/feed`") },
    });
  });

  it("distinguishes commands of one name by their type", async () => {
    const handlers = [
      command({ name: "same", description, run: () => "slash" }),
      userCommand({ name: "same", run: ({ target }) => `user ${target.user.username}` }),
      messageCommand({ name: "same", run: ({ target }) => `message ${target.content}` }),
      entryPoint({ name: "same", description, run: () => launchActivity() }),
    ];
    const bot = await createTestBot({ handlers });
    expect((await bot.interact(slash("same"))).body).toMatchObject({ data: { content: "slash" } });
    const user = contextCommand(2, "same", robin.id, { users: { [robin.id]: robin } });
    expect((await bot.interact(user)).body).toMatchObject({ data: { content: "user robin" } });
    const message = contextCommand(3, "same", "5", { messages: { "5": { id: "5", content: "hi" } } });
    expect((await bot.interact(message)).body).toMatchObject({ data: { content: "message hi" } });
    expect((await bot.interact(slash("same", { data: { id: "1", name: "same", type: 4 } }))).body).toEqual({
      type: 12,
    });
  });

  it("runs no handler with values that the declaration rules out, as a signed body may carry any", async () => {
    const strict = command({
      name: "strict",
      description,
      options: [
        { type: "string", name: "order", description, choices: [{ name: "Note", value: "note" }] },
        { type: "string", name: "text", description, min_length: 2, max_length: 5 },
        { type: "integer", name: "count", description, min_value: 1, max_value: 9 },
        { type: "number", name: "ratio", description, choices: [{ name: "Half", value: 0.5 }] },
        { type: "role", name: "role", description },
      ],
      run: () => "ran",
    });
    const bot = await createTestBot({ handlers: [strict] });
    const ran = async (option: object) =>
      JSON.stringify((await bot.interact(slashWith("strict", [option], resolved))).body).includes('"ran"');
    const values: [number, string, unknown[], unknown[]][] = [
      [3, "order", ["note"], ["constructor", "__proto__", "Note", "", "forget"]],
      [3, "text", ["ab", "abcde", "😀😀😀😀😀"], ["a", "abcdef", "x".repeat(500_000)]],
      [4, "count", [1, 9], [0, 10, 1.5, 2 ** 53]],
      [10, "ratio", [0.5], [0.25]],
      [8, "role", ["1100000000000000101"], ["constructor", "__proto__", "toString", "../users/@me", "1"]],
    ];
    for (const [type, name, good, bad] of values) {
      for (const value of good) expect(await ran({ type, name, value }), `${name} ${String(value)}`).toBe(true);
      for (const value of bad) expect(await ran({ type, name, value }), `${name} ${String(value)}`).toBe(false);
    }
  });

  it("answers that a command was changed when its options do not fit the declaration", async () => {
    const old = command({
      name: "old",
      description,
      options: [{ type: "integer", name: "n", description, required: true }],
      run: () => "ran",
    });
    for (const options of [[], [{ name: "n", type: 3, value: "three" }], [{ name: "n", type: 4, value: "three" }]]) {
      expect(await answer({ handlers: [old] }, slashWith("old", options))).toMatchObject({
        data: { flags: 64, content: expect.stringContaining("was changed since") },
      });
    }
  });

  it("makes every answer of an ephemeral command ephemeral, and pings no people unless told to", async () => {
    const hush = command({ name: "hush", description, ephemeral: true, run: () => "@everyone" });
    expect(await answer({ handlers: [hush] }, slash("hush"))).toEqual({
      type: 4,
      data: { content: "@everyone", flags: 64, allowed_mentions: { parse: [] } },
    });
    const loud = command({
      name: "loud",
      description,
      run: () => ({ content: "<@1>", allowed_mentions: { users: ["1"] } }),
    });
    expect(await answer({ handlers: [loud] }, slash("loud"))).toMatchObject({
      data: { allowed_mentions: { users: ["1"] } },
    });
  });

  it("sends files in the answer as multipart", async () => {
    const upload = command({
      name: "upload",
      description,
      run: () => ({
        content: "here",
        files: [
          { name: "ä.txt", data: "text", description: "A text" },
          { name: "b.bin", data: Uint8Array.of(1, 2) },
        ],
      }),
    });
    const bot = await createTestBot({ handlers: [upload] });
    const response = await bot.fetch(await bot.signer.request(slash("upload")));
    expect(response.headers.get("Content-Type")).toMatch(/^multipart\/form-data; boundary=/);
    const form = await response.formData();
    expect(JSON.parse(form.get("payload_json") as string)).toEqual({
      type: 4,
      data: {
        content: "here",
        allowed_mentions: { parse: [] },
        attachments: [
          { id: 0, filename: "ä.txt", description: "A text" },
          { id: 1, filename: "b.bin" },
        ],
      },
    });
    const files = [form.get("files[0]"), form.get("files[1]")] as File[];
    expect(files.map(({ name }) => name)).toEqual(["ä.txt", "b.bin"]);
    expect(await files[0]?.text()).toBe("text");
  });
});

describe("autocomplete", () => {
  const find = command({
    name: "find",
    description,
    options: [
      {
        type: "string",
        name: "word",
        description,
        autocomplete: (typed) => Array.from({ length: 30 }, (_, index) => `${typed}${index}`),
      },
      {
        type: "integer",
        name: "n",
        description,
        autocomplete: (typed, { options }) => [{ name: `${typed} ${String(options["word"])}`, value: 7 }],
      },
      { type: "string", name: "broken", description, autocomplete: () => Promise.reject(new Error("no")) },
      {
        type: "string",
        name: "long",
        description,
        autocomplete: () => ["x".repeat(150), "", { name: "y".repeat(150), value: "y" }],
      },
      { type: "string", name: "plain", description },
    ],
    run: () => "ran",
  });
  const typing = (...options: object[]) => answer({ handlers: [find] }, { ...slashWith("find", options), type: 4 });

  it("suggests at most 25 choices for the typed text", async () => {
    const body = await typing({ name: "word", type: 3, value: "ab", focused: true });
    expect(body).toMatchObject({ type: 8, data: { choices: { length: 25, 0: { name: "ab0", value: "ab0" } } } });
  });

  it("passes the other options to autocomplete, with numbers as they are typed", async () => {
    const body = await typing({ name: "word", type: 3, value: "w" }, { name: "n", type: 4, value: "1", focused: true });
    expect(body).toEqual({ type: 8, data: { choices: [{ name: "1 w", value: 7 }] } });
  });

  it("leaves out or shortens choices for which Discord would refuse the list", async () => {
    const body = await typing({ name: "long", type: 3, value: "", focused: true });
    expect(body).toEqual({ type: 8, data: { choices: [{ name: `${"y".repeat(99)}…`, value: "y" }] } });
  });

  it.each(["broken", "plain", "unknown"])("suggests no choices for a %s option", async (name) => {
    expect(await typing({ name, type: 3, value: "", focused: true })).toEqual({ type: 8, data: { choices: [] } });
  });
});

describe("components and modals", () => {
  it("passes parameters, values and the message to the handler of a component", async () => {
    const handlers = [
      component({ id: "b/:n<int>", run: ({ params, message }) => updateMessage(`${params.n} on ${message.id}`) }),
      component({ id: "s", type: "string-select", run: ({ values }) => values.join() }),
      component({ id: "u", type: "user-select", run: ({ values }) => values.map(({ user }) => user.username).join() }),
      component({ id: "r", type: "role-select", run: ({ values }) => values.map(({ name }) => name).join() }),
      component({ id: "m", type: "mentionable-select", run: ({ values }) => values.map(({ kind }) => kind).join() }),
      component({ id: "c", type: "channel-select", run: ({ values }) => values.map(({ name }) => name).join() }),
      component({ id: "nothing", run: () => {} }),
    ];
    const bot = await createTestBot({ handlers });
    const content = async (payload: object) => (await bot.interact(payload)).body;
    expect(await content(click("b/7"))).toEqual({
      type: 7,
      data: { content: "7 on 1200000000000000009", allowed_mentions: { parse: [] } },
    });
    const select = (id: string, component_type: number, ...values: string[]) =>
      click(id, { component_type, values, resolved });
    expect(await content(select("s", 3, "a", "b"))).toMatchObject({ type: 4, data: { content: "a,b" } });
    expect(await content(select("s", 3))).toMatchObject({ data: { content: "" } });
    expect(await content(select("u", 5, robin.id))).toMatchObject({ data: { content: "robin" } });
    expect(await content(select("r", 6, "1100000000000000101"))).toMatchObject({ data: { content: "Crew" } });
    expect(await content(select("m", 7, robin.id, "1100000000000000101"))).toMatchObject({
      data: { content: "user,role" },
    });
    expect(await content(select("c", 8, "1100000000000000111"))).toMatchObject({ data: { content: "general" } });
    expect(await content(click("nothing"))).toEqual({ type: 6 });
    // A menu where a button was declared, and a person who is missing in the payload.
    for (const odd of [select("b/7", 3, "x"), select("u", 5, "404")]) {
      expect(await content(odd)).toMatchObject({
        data: { flags: 64, content: expect.stringContaining("was changed since") },
      });
    }
  });

  const form = modal({
    id: "form/:n<int>",
    title: "Form",
    fields: {
      hint: { type: "display", content: "Fill it in" },
      name: { type: "text", label: "Name" },
      colour: { type: "string-select", label: "Colour", options: [{ label: "Red", value: "red" }] },
      who: { type: "user-select", label: "Who" },
      upload: { type: "file", label: "File" },
    },
    run: ({ params, fields: f, message }) =>
      [params.n, f.name, f.colour.join(), f.who[0]?.user.username, f.upload[0]?.filename, message?.id].join(" "),
  });

  it("opens a form in Discord's shape, with values filled in", async () => {
    const open = command({ name: "open", description, run: () => form.show({ n: 4 }, { name: { value: "Ada" } }) });
    expect(await answer({ handlers: [open, form] }, slash("open"))).toMatchObject({
      type: 9,
      data: {
        custom_id: "form/4",
        title: "Form",
        components: [
          { type: 10, content: "Fill it in" },
          { type: 18, label: "Name", component: { type: 4, custom_id: "name", style: 1, value: "Ada" } },
          { type: 18, component: { type: 3, custom_id: "colour", options: [{ label: "Red", value: "red" }] } },
          { type: 18, component: { type: 5 } },
          { type: 18, component: { type: 19 } },
        ],
      },
    });
  });

  const filled = [
    { type: 4, custom_id: "name", value: "Ada" },
    { type: 3, custom_id: "colour", values: ["red"] },
    { type: 5, custom_id: "who", values: [robin.id] },
    { type: 19, custom_id: "upload", values: ["77"] },
  ];

  it("passes entered values to the handler of a form", async () => {
    const payload = submission("form/4", filled);
    const body = await answer({ handlers: [form] }, { ...payload, data: { ...payload.data, resolved } });
    expect(body).toMatchObject({ type: 4, data: { content: "4 Ada red robin a.txt " } });
  });

  it("passes radio buttons and checkboxes to the handler of a form, chosen or not", async () => {
    const options = [
      { label: "S", value: "s" },
      { label: "L", value: "l" },
    ];
    const order = modal({
      id: "order",
      title: "Order",
      fields: {
        size: { type: "radio", label: "Size", options },
        extras: { type: "checkboxes", label: "Extras", options },
        sure: { type: "checkbox", label: "Sure" },
      },
      run: ({ fields: { size, extras, sure } }) => JSON.stringify([size, extras, sure]),
    });
    const submit = (size: string | null, extras: string[], sure: boolean) =>
      answer(
        { handlers: [order] },
        submission("order", [
          { type: 21, custom_id: "size", value: size },
          { type: 22, custom_id: "extras", values: extras },
          { type: 23, custom_id: "sure", value: sure },
        ]),
      );
    expect(await submit("l", ["s", "l"], true)).toMatchObject({ data: { content: '["l",["s","l"],true]' } });
    expect(await submit(null, [], false)).toMatchObject({ data: { content: "[null,[],false]" } });
  });

  it("has a check that refuses a form that Discord would not show", () => {
    const text = (label = "L") => ({ type: "text", label }) as const;
    const declare = (title: string, fields: Parameters<typeof modal>[0]["fields"]) =>
      checkHandlers([modal({ id: "bad", title, fields, run: () => "x" })]);
    expect(() => declare("T", {})).toThrow('The modal "bad": it has 0 fields, Discord takes 1 to 5');
    expect(() => declare("T", { a: text(), b: text(), c: text(), d: text(), e: text(), f: text() })).toThrow(
      "6 fields",
    );
    expect(() => declare("x".repeat(46), { a: text() })).toThrow("its title must be 1 to 45 characters");
    expect(() => declare("T", { a: text("x".repeat(46)) })).toThrow('the label of "a" has more than 45 characters');
  });

  it("answers that a form was changed when its fields do not fit the declaration", async () => {
    expect(await answer({ handlers: [form] }, submission("form/4", filled.slice(1)))).toMatchObject({
      data: { flags: 64, content: expect.stringContaining("was changed since") },
    });
  });
});

describe("guards", () => {
  const guarded = (...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
    command({ name: "guarded", description, guards, run: () => "let in" });
  const dm = () => {
    const { member: _member, guild_id: _guildId, ...rest } = envelope();
    return {
      ...rest,
      user: person,
      context: commandContext.botDm,
      type: 2,
      data: { id: "1", name: "guarded", type: 1 },
    };
  };
  const refused = (text: string) => ({ type: 4, data: { flags: 64, content: expect.stringContaining(text) } });

  it.each([
    ["outside a server", [guildOnly], dm(), "in servers only"],
    [
      "without the permission",
      [needsPermissions("BanMembers", "ViewAuditLog")],
      slash("guarded", { member: { ...envelope().member, permissions: "0" } }),
      "**Ban Members** and **View Audit Log**",
    ],
    ["for a person other than the owner", [ownerOnly(() => ["1"])], slash("guarded"), "Only the bot's owner"],
  ])("refuses a guarded command %s, for the person's eyes only", async (_name, guards, payload, text) => {
    expect(await answer({ handlers: [guarded(...guards)] }, payload)).toMatchObject(refused(text));
  });

  it("refuses an interaction with a server but no member behind guildOnly", async () => {
    const { member, ...rest } = slash("guarded");
    const body = await answer({ handlers: [guarded(guildOnly)] }, { ...rest, user: member.user });
    expect(body).toMatchObject(refused("in servers only"));
  });

  it("asks guards before suggestions, and suggests nothing where one refuses", async () => {
    const owners = ownerOnly(() => Promise.resolve(["1"]));
    const find = (...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
      command({
        name: "guarded",
        description,
        guards,
        options: [{ type: "string", name: "word", description, autocomplete: (typed) => [`${typed}!`] }],
        run: () => "ran",
      });
    const data = { id: "1", name: "guarded", type: 1, options: [{ name: "word", type: 3, value: "a", focused: true }] };
    const typing = (payload: object) => ({ ...payload, type: 4, data });
    const ask = (payload: object, ...guards: NonNullable<Parameters<typeof command>[0]["guards"]>) =>
      answer({ handlers: [find(...guards)] }, typing(payload));
    const choices = { type: 8, data: { choices: [{ name: "a!", value: "a!" }] } };
    const none = { type: 8, data: { choices: [] } };
    expect(await ask(slash("guarded"), guildOnly)).toEqual(choices);
    expect(await ask(dm(), guildOnly)).toEqual(none);
    expect(await ask(dm())).toEqual(choices);
    expect(await ask(slash("guarded"), guildOnly, owners)).toEqual(none);
  });

  it("runs a guarded command when every guard allows it", async () => {
    const handlers = [
      guarded(
        guildOnly,
        needsPermissions("ViewChannel"),
        ownerOnly(() => Promise.resolve([person.id])),
      ),
    ];
    expect(await answer({ handlers }, slash("guarded"))).toMatchObject({ data: { content: "let in" } });
  });
});

describe("failures", () => {
  let logged: string[] = [];
  beforeEach(() => {
    logged = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  });
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    [
      "throws",
      () => {
        throw new Error("secret detail");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret detail"))],
    ["returns nothing", () => {}],
    ["changes a message it did not come from", () => updateMessage("x")],
  ])("answers with a reference, and not the error, when a handler %s", async (_name, run) => {
    const broken = command({ name: "broken", description, run });
    const body = await answer({ handlers: [broken], env: { LOG_LEVEL: "error" } }, slash("broken"));
    expect(body).toMatchObject({
      type: 4,
      data: { flags: 64, content: expect.stringMatching(/Something went wrong.*`[0-9a-f]{8}`/) },
    });
    expect(JSON.stringify(body)).not.toContain("secret");
    const reference = /`(\w+)`/.exec(JSON.stringify(body))?.[1];
    expect(logged.map((line) => JSON.parse(line).reference)).toEqual([reference]);
  });

  it("answers with a reference when a handler answers a form with a form", async () => {
    const again = modal({
      id: "again",
      title: "Again",
      fields: { a: { type: "text", label: "A" } },
      run() {
        return { callback: "modal", modal: { custom_id: "x", title: "x", components: [] } };
      },
    });
    const body = await answer({ handlers: [again] }, submission("again", [{ type: 4, custom_id: "a", value: "x" }]));
    expect(body).toMatchObject({ data: { flags: 64, content: expect.stringContaining("Something went wrong") } });
  });

  it("refuses two components whose patterns match the same custom_ids", async () => {
    const twice = () => component({ id: "a/:x", run: () => ephemeral("x") });
    await expect(createTestBot({ handlers: [twice(), twice()] })).rejects.toThrow(
      "Two custom_id patterns match the same ids",
    );
  });
});
