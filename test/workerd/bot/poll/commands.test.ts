import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vote } from "../../../../src/bot/poll/commands.ts";
import { limits, type Poll, polls, showPoll, toggleVote } from "../../../../src/bot/poll/poll.ts";
import { createConnection, createRedisState } from "../../../../src/redis/index.ts";
import { createSessions } from "../../../../src/sessions/index.ts";
import { createTestBot } from "../../../support/bot.ts";
import { createDatabase } from "../../../support/database.ts";
import { click, envelope, person, submission } from "../../../support/payloads.ts";

// Polls through the whole Worker: deliveries that come twice or late, and clicks from elsewhere.

// No Discord answers here, so that the edits after the first answer fail, and the log says so.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const idOf = (index: number) => String(1_300_000_000_000_000_000n + BigInt(index));
const by = (index: number, permissions = "1024") => ({
  member: { ...envelope().member, permissions, user: { ...person, id: idOf(index) } },
});
const idsIn = (body: unknown): string[] =>
  [...JSON.stringify(body).matchAll(/"custom_id":"([^"]+)"/g)].map(([, id = ""]) => id);

const asked = (closes: string, several = false, question = "Lunch?") =>
  submission("poll/new", [
    { type: 4, custom_id: "question", value: question },
    { type: 4, custom_id: "answers", value: "Pizza\nSoup" },
    { type: 4, custom_id: "closes", value: closes },
    { type: 23, custom_id: "several", value: several },
  ]);

async function createFleet() {
  const database = createDatabase();
  const env = { DISCORD_API_URL: `${database.url}/discord` };
  const [one, two] = await Promise.all([createTestBot({ database, env }), createTestBot({ database, env })]);
  const { url, token } = database;
  const connection = createConnection({ url, token, state: createRedisState() });
  const store = createSessions({ redis: () => connection.commands, prefix: "sp:", waitUntil: () => {} }).store(polls);
  const text = async (bot: typeof one, payload: object) => JSON.stringify((await bot.interact(payload)).body);
  return { database, one, two, store, text };
}

/** An open poll with its buttons. */
async function createPoll({ closes = "", several = false } = {}) {
  const fleet = await createFleet();
  const [pizza = "", soup = "", close = ""] = idsIn((await fleet.one.interact(asked(closes, several))).body);
  return { ...fleet, pizza, soup, close, id: close.split("/").at(-1) ?? "" };
}

describe("a poll's form that is delivered twice", () => {
  it.each(["", "1h"])("has one poll, which keeps its votes, where it closes %j", async (closes) => {
    const { database, one, two, text } = await createFleet();
    const form = asked(closes);
    const first = idsIn((await one.interact(form)).body);
    await one.interact(click(first[0] ?? ""));
    const again = await two.interact(form);
    expect(idsIn(again.body)).toEqual(first);
    expect(JSON.stringify(again.body)).toContain(" 1 · 100 %");
    expect(await text(two, { ...click(first[1] ?? ""), ...by(1) })).toContain(" 1 · 50 %");
    expect(await database.raw("KEYS", "sp:s:*")).toHaveLength(1);
    if (closes !== "") expect(await database.raw("HLEN", "sp:j:jobs")).toBe(1);
  });

  it("has one poll also when both deliveries arrive at once", async () => {
    const { database, one, two } = await createFleet();
    const form = asked("1h");
    const [first, second] = await Promise.all([one.interact(form), two.interact(form)]);
    expect(idsIn(first.body)).toEqual(idsIn(second.body));
    expect(await database.raw("KEYS", "sp:s:*")).toHaveLength(1);
  });
});

it("has no poll where its question is blank or too long, and posts nothing", async () => {
  const { database, one, text } = await createFleet();
  expect(await text(one, asked("", false, " \n "))).toContain("A poll needs a question.");
  expect(await text(one, asked("", false, "🦀".repeat(201)))).toContain("was changed since");
  expect(await database.raw("DBSIZE")).toBe(0);
  expect(await text(one, asked("", false, "🦀".repeat(200)))).toContain("Close poll");
});

it("says that it has no memory where Redis does not answer, and is no poll then", async () => {
  const { database, one, text } = await createFleet();
  await database.break({ at: "before", do: "status", status: 503, times: 99 });
  expect(await text(one, asked(""))).toContain("memory does not answer");
});

describe("a poll's life", () => {
  const day = 86_400_000;

  it("is a month after its last vote", async () => {
    const { database, one, pizza, id } = await createPoll();
    const leftMs = async () => Number(await database.raw("PTTL", `sp:s:${id}`));
    expect(await leftMs()).toBeGreaterThan(30 * day - 60_000);
    expect(await leftMs()).toBeLessThanOrEqual(30 * day);
    await database.raw("PEXPIRE", `sp:s:${id}`, day);
    await one.interact(click(pizza));
    expect(await leftMs()).toBeGreaterThan(30 * day - 60_000);
  });

  it("is a year at most", async () => {
    const { store, id } = await createPoll();
    const poll = await store.get({ id });
    expect((poll?.endsAt ?? 0) - (poll?.createdAt ?? 0)).toBe(365 * day);
  });
});

describe("a vote that comes after the poll was closed", () => {
  it("is not counted, and shows that it is closed", async () => {
    const { one, two, pizza, soup, close, store, id, text } = await createPoll();
    await one.interact({ ...click(pizza), ...by(1) });
    await one.interact(click(close));
    const before = (await store.get({ id }))?.data.answers;
    for (const late of [click(soup), { ...click(pizza), ...by(1) }, { ...click(soup), ...by(2) }]) {
      const shown = await text(two, late);
      expect(shown).toMatch(/Pizza[^]* 1 · 100 %[^]*Soup[^]* 0 · 0 %[^]*Closed/);
      expect(shown).not.toContain("custom_id");
    }
    expect((await store.get({ id }))?.data.answers).toEqual(before);
  });
});

describe("a vote that is delivered again", () => {
  it("is not taken back, however many others came between", async () => {
    const { one, two, pizza, text } = await createPoll();
    const mine = { ...click(pizza), ...by(0) };
    await one.interact(mine);
    for (let index = 1; index <= 20; index++) await one.interact({ ...click(pizza), ...by(index) });
    expect(await text(two, mine)).toContain(" 21 · 100 %");
  });

  it.each([false, true])(
    "does not undo what the person did since, where several answers are allowed: %j",
    async (several) => {
      const { one, two, pizza, soup, text } = await createPoll({ several });
      const [vote, back] = [click(pizza), click(pizza)];
      await one.interact(vote);
      await one.interact(back);
      expect(await text(two, vote)).not.toContain(" 1 · ");
      await one.interact(click(soup));
      for (const old of [vote, back, vote])
        expect(await text(two, old)).toMatch(/Pizza[^]* 0 · 0 %[^]*Soup[^]* 1 · 100 %/);
    },
  );
});

describe("a click on a poll", () => {
  it("neither votes nor closes from another channel, even for those who may close polls there", async () => {
    const { one, two, pizza, close, store, id } = await createPoll();
    const before = await store.get({ id });
    for (const [index, where] of [{ guild_id: "1100000000000000200" }, {}].entries()) {
      const elsewhere = { ...where, channel_id: idOf(7), channel: { ...envelope().channel, id: idOf(7) } };
      for (const button of [pizza, close]) {
        const { body } = await (index ? one : two).interact({ ...click(button), ...by(1, "2147483647"), ...elsewhere });
        expect(body).toMatchObject({
          type: 4,
          data: { content: expect.stringContaining("another channel"), flags: 64 },
        });
      }
    }
    expect((await store.get({ id }))?.data).toEqual(before?.data);
  });

  it("is refused outside of servers, since a poll is asked in one", async () => {
    const { one, pizza, close } = await createPoll();
    for (const button of [pizza, close]) {
      const { body } = await one.interact({ ...click(button), guild_id: undefined, member: undefined, user: person });
      expect(body).toMatchObject({ data: { content: "This works in servers only." } });
    }
  });

  it("closes it for a person who may manage messages now, not for one who might when it was shown", async () => {
    const { one, two, close, text } = await createPoll();
    expect(await text(two, { ...click(close), ...by(1, "1024") })).toContain("moderators can close this poll");
    expect(await text(one, { ...click(close), ...by(1, String(1 << 13)) })).toContain("Closed");
  });
});

it.each([
  ["was changed by no other at the same time", 1, 7, 0],
  ["was changed by another at the same time", 2, 7, 1],
  ["was changed again since", 2, 8, 0],
  ["ended since", 2, undefined, 0],
])(
  "shows a vote once more where the poll %s: after %i tries at revision %j",
  async (_title, attempts, latest, edits) => {
    const data = { question: "?", answers: [], owner: "1", several: false };
    const session = (revision: number) => ({ id: "p", revision, data });
    const after: (() => Promise<unknown>)[] = [];
    const edited: unknown[] = [];
    const store = {
      update: async () => ({ found: true, session: session(7), attempts }),
      get: async () => latest && session(latest),
    };
    const interaction = {
      id: "9",
      params: { poll: "p", choice: 0 },
      user: person,
      message: {},
      after: (work: () => Promise<unknown>) => void after.push(work),
      edit: async (message: unknown) => void edited.push(message),
    };
    const { run } = vote as unknown as { run(interaction: object, services: object): Promise<unknown> };
    await run(interaction, { sessions: { store: () => store } });
    expect(after).toHaveLength(attempts - 1);
    for (const work of after) await work();
    expect(edited).toEqual(Array.from({ length: edits }, () => showPoll(session(7) as never)));
  },
);

describe("a full poll", () => {
  const full = (several: boolean): Poll => ({
    question: "🦀".repeat(100),
    answers: [1, 2, 3, 4, 5].map((answer) => ({
      text: String(answer).repeat(60),
      votes: Object.fromEntries(
        Array.from({ length: limits.votes / 5 }, (_, index) => [
          `2${idOf(answer * 1_000 + index)}`,
          `-2${idOf(index)}`,
        ]),
      ),
    })),
    owner: person.id,
    several,
    closesAt: Date.now(),
    channelId: envelope().channel_id,
  });
  const vote = { choice: 0, voter: "7", id: "30000000000000000000" };

  it.each([false, true])(
    "takes no further person, but votes of those in it, where several are allowed: %j",
    (several) => {
      const poll = full(several);
      expect(toggleVote(poll, vote)).toBe("full");
      const [first, ...others] = poll.answers;
      const [taken = ""] = Object.keys(first?.votes ?? {});
      const { [taken]: _gone, ...left } = first?.votes ?? {};
      const roomForOne = { ...poll, answers: [{ text: "1", votes: left }, ...others] };
      expect(toggleVote(roomForOne, vote)).toMatchObject({
        answers: [{ votes: { [vote.voter]: vote.id } }, {}, {}, {}, {}],
      });
      const known = { ...vote, voter: `2${idOf(1_000)}` };
      expect(toggleVote(poll, known)).toMatchObject({
        answers: [{ votes: { [known.voter]: known.id } }, {}, {}, {}, {}],
      });
    },
  );

  it("says that it is full, can be closed, and shows that it is", async () => {
    const { one, two, store, text } = await createFleet();
    const { id } = await store.create(full(false));
    const late = await one.interact({ ...click(`poll/vote/0/${id}`), ...by(1) });
    expect(late.body).toMatchObject({
      type: 4,
      data: { content: expect.stringContaining("room for 2,500 votes"), flags: 64 },
    });
    const closed = await text(two, { ...click(`poll/close/${id}`), ...by(2, String(1 << 13)) });
    expect(closed).toContain("Closed");
    expect(closed).not.toContain("custom_id");
    expect((await store.get({ id }))?.data.isClosed).toBe(true);
  });

  it("keeps 3,114 voters of the first version without a byte left, and can be closed", async () => {
    const { database, one, store, text } = await createFleet();
    const { id } = await store.create({ ...full(false), answers: [] });
    const voters = Array.from({ length: 3_114 }, (_, index) => idOf(index));
    const [head = ""] = String(await database.raw("GET", `sp:s:${id}`)).split("\n");
    const old = {
      question: "?",
      answers: [
        { text: "A", voters },
        { text: "B", voters: [] },
      ],
      owner: "1",
      several: false,
    };
    await database.raw("SET", `sp:s:${id}`, `${head.replace('["poll",2,', '["poll",1,')}\n${JSON.stringify(old)}`);
    const found = await store.get({ id });
    expect(found && JSON.stringify(showPoll(found))).toContain(" 3114 · 100 %");
    expect(await text(one, { ...click(`poll/vote/1/${id}`), ...by(5) })).toMatch(/ 3113 · 100 %[^]* 1 · 0 %/);
    expect(await text(one, { ...click(`poll/vote/1/${id}`), ...by(9_000) })).toContain("This poll is full");
    expect(await text(one, { ...click(`poll/close/${id}`), ...by(2, String(1 << 13)) })).toContain("Closed");
  });
});
