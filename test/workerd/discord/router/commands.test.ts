import { describe, expect, it } from "vitest";
import {
  command,
  commandTree,
  entryPoint,
  messageCommand,
  subcommand,
  subcommandGroup,
  userCommand,
} from "../../../../src/bot/kit.ts";
import { launchActivity } from "../../../../src/discord/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { contextCommand, slash, slashWith } from "../../../support/payloads.ts";
import { answer, description, resolved, robin } from "./support.ts";

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

  it("tells the channel, which is in either of two fields", async () => {
    const where = command({ name: "where", description, run: ({ channelId }) => channelId ?? "nowhere" });
    const shown = async (more: object) => answer({ handlers: [where] }, slash("where", more));
    expect(await shown({ channel: { id: "7", type: 0 }, channel_id: undefined })).toMatchObject({
      data: { content: "7" },
    });
    expect(await shown({ channel: undefined, channel_id: "8" })).toMatchObject({ data: { content: "8" } });
    expect(await shown({ channel: undefined, channel_id: undefined })).toMatchObject({ data: { content: "nowhere" } });
  });
});
