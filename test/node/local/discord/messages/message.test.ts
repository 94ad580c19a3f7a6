import { expect, it } from "vitest";
import { withIds } from "../../../../../local/discord/messages/component-ids.ts";
import { keepPoll } from "../../../../../local/discord/messages/poll.ts";
import { startWorld } from "../interactions/support.ts";
import { type Api, startRest } from "../support.ts";

const path = "/channels/1100000000000000111/messages";
const button = { type: 2, style: 1, label: "Go", custom_id: "go" };
const rows = [{ type: 1, components: [button] }];

async function post(api: Api, body: object) {
  const { body: message } = await api("POST", path, body);
  const edit = async (change: object) => (await api("PATCH", `${path}/${message.id}`, change)).body;
  return { message, edit };
}

it("stores a message with Discord's defaults", async () => {
  const { api, clock, simulator } = startRest();
  const { message } = await post(api, { content: "  hi \n" });
  expect(message).toEqual({
    id: expect.stringMatching(/^\d+$/),
    channel_id: "1100000000000000111",
    author: simulator.world.bot,
    content: "hi",
    timestamp: new Date(clock.now()).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    type: 0,
    flags: 0,
  });
  const { message: full } = await post(api, {
    content: "x",
    tts: true,
    flags: 4_100,
    embeds: [{ title: "T" }],
    components: rows,
  });
  expect(full).toMatchObject({
    tts: true,
    flags: 4_100,
    embeds: [{ title: "T" }],
    components: [{ id: 1, components: [{ id: 2 }] }],
  });
});

it("changes the fields that an edit names; null empties one", async () => {
  const { api, clock } = startRest();
  const { message, edit } = await post(api, { content: "x", embeds: [{ title: "T" }], components: rows });
  expect(await edit({ content: "y" })).toEqual({
    ...message,
    content: "y",
    edited_timestamp: new Date(clock.now()).toISOString(),
  });
  expect(await edit({ embeds: null })).toMatchObject({ content: "y", embeds: [], components: [{ type: 1 }] });
  expect(await edit({ components: null })).toMatchObject({ content: "y", components: [] });
  expect(await edit({ content: null })).toMatchObject({ code: 50_006 });
  expect(await edit({ content: "x".repeat(2_001) })).toMatchObject({ code: 50_035 });
  expect(await edit({ embeds: [{ title: "U" }], content: null })).toMatchObject({
    content: "",
    embeds: [{ title: "U" }],
  });
});

it("lets an edit set and clear SUPPRESS_EMBEDS, set IS_COMPONENTS_V2, and ignores other flags", async () => {
  const { api } = startRest();
  const { edit } = await post(api, { content: "x", flags: 4_096 });
  expect((await edit({ flags: 4 })).flags).toBe(4_100);
  expect((await edit({ content: "y" })).flags).toBe(4_100);
  expect((await edit({ flags: 64 })).flags).toBe(4_096);
  expect((await edit({ flags: 4_096 })).flags).toBe(4_096);
  expect((await edit({ flags: 8_192 | 4 })).flags).toBe(4_100);
  expect((await edit({ flags: 0 })).flags).toBe(4_096);
  expect(await edit({ flags: "4" })).toMatchObject({ code: 50_035 });
  const text = [{ type: 10, content: "t" }];
  expect(await edit({ flags: 32_768, components: text })).toMatchObject({ code: 50_035 });
  expect((await edit({ flags: 32_768, components: text, content: null })).flags).toBe(36_864);
});

it("takes a poll with a new message, and none in an edit", async () => {
  const { api } = startRest();
  const poll = { question: { text: "?" }, answers: [{ poll_media: { text: "a" } }] };
  const { message, edit } = await post(api, { poll });
  expect(message.poll).toMatchObject({ question: { text: "?" }, answers: [{ answer_id: 1 }] });
  expect(await edit({ poll, content: "x" })).toMatchObject({
    code: 50_035,
    errors: { poll: { _errors: [{ code: "POLL_CANNOT_BE_EDITED" }] } },
  });
  expect((await edit({ content: "x" })).poll).toEqual(message.poll);
});

it.each<[string, object, object]>([
  [
    "a day long without a duration",
    {},
    { expiry: "2026-06-02T12:00:00.000Z", allow_multiselect: false, layout_type: 1 },
  ],
  [
    "as long as it says",
    { duration: 2, allow_multiselect: true },
    { expiry: "2026-06-01T14:00:00.000Z", allow_multiselect: true },
  ],
])("opens a poll that is %s", (_name, more, expected) => {
  const { context } = startWorld();
  const answers = ["a", "b"].map((text) => ({ poll_media: { text } }));
  expect(keepPoll(context, { question: { text: "?" }, answers, ...more })).toMatchObject({
    question: { text: "?" },
    answers: [
      { answer_id: 1, poll_media: { text: "a" } },
      { answer_id: 2, poll_media: { text: "b" } },
    ],
    results: { is_finalized: false, answer_counts: [] },
    ...expected,
  });
  expect(keepPoll(context, "x")).toBeUndefined();
});

it("numbers the components that have no id, in order, with numbers that none has", () => {
  const given = [{ type: 1, id: 2, components: [{ type: 2 }, { type: 2, id: 0 }, { type: 2, id: 1 }] }, { type: 10 }];
  expect(withIds(given)).toEqual([
    {
      type: 1,
      id: 2,
      components: [
        { type: 2, id: 3 },
        { type: 2, id: 4 },
        { type: 2, id: 1 },
      ],
    },
    { type: 10, id: 5 },
  ]);
  expect(given[1]).toEqual({ type: 10 });
});

it("keeps, lists and drops files with edits", async () => {
  const { api, simulator } = startRest();
  const send = async (method: string, at: string, payload: object, ...names: string[]) => {
    const form = new FormData();
    form.append("payload_json", JSON.stringify(payload));
    for (const [index, name] of names.entries()) form.append(`files[${index}]`, new Blob(["x"]), name);
    const headers = { Authorization: `Bot ${simulator.botToken}` };
    return (await simulator.app.request(`/api/v10${at}`, { method, headers, body: form })).json();
  };
  const message = await send("POST", path, {}, "a.txt", "b.txt");
  const [first, second] = message.attachments;
  expect([first.filename, second.filename]).toEqual(["a.txt", "b.txt"]);
  const at = `${path}/${message.id}`;
  const namesOf = (one: { attachments: { filename: string }[] }) => one.attachments.map(({ filename }) => filename);
  expect(namesOf(await send("PATCH", at, {}, "c.txt"))).toEqual(["a.txt", "b.txt", "c.txt"]);
  expect(namesOf((await api("PATCH", at, { attachments: [{ id: second.id }] })).body)).toEqual(["b.txt"]);
  expect((await api("PATCH", at, { attachments: [] })).body).toMatchObject({ code: 50_006 });
  const many = Array.from({ length: 9 }, (_, index) => `${index}.txt`);
  expect(namesOf(await send("PATCH", at, {}, ...many))).toHaveLength(10);
  expect(await send("PATCH", at, {}, "one-more.txt")).toMatchObject({
    code: 50_035,
    errors: { attachments: { _errors: [{ message: "Must be 10 or fewer in length." }] } },
  });
  expect(await send("POST", path, {}, ...many, "x", "y")).toMatchObject({
    errors: { attachments: { _errors: [{ message: "Must be 10 or fewer in length." }] } },
  });
});

it("tells a message that is new, changed and gone, and that alone", async () => {
  const { api, simulator } = startRest();
  const told: unknown[] = [];
  simulator.on((event) => {
    if (event.type === "message") told.push([event.message.content, event.isNew]);
    if (event.type === "message-gone") told.push([event.channelId, event.messageId]);
  });
  const { message, edit } = await post(api, { content: "x" });
  await edit({ content: "y" });
  for (let index = 0; index < 2; index++) await api("DELETE", `${path}/${message.id}`);
  expect(told).toEqual([
    ["x", true],
    ["y", false],
    ["1100000000000000111", message.id],
  ]);
});
