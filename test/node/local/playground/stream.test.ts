import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createJournal } from "../../../../local/playground/server/journal.ts";
import { openStream } from "../../../../local/playground/server/stream.ts";
import { createTell, createTelling } from "../../../../local/playground/server/telling.ts";
import { ada, general, grace, linus, moderators, robin, says, startPlayground, stranger } from "./support.ts";

/** A stream that the test reads piece by piece. */
function open(lastId?: string, journal = createJournal()) {
  const [page, server] = [new AbortController(), new AbortController()];
  const response = openStream({
    journal,
    person: ada,
    lastId,
    start: () => [{ type: "start" }, { type: "mistake", mistake: null }],
    signal: page.signal,
    closing: server.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  onTestFinished(() => reader?.cancel());
  return { journal, page, server, response, read: async () => (await reader?.read())?.value, reader };
}

const gone = (id: string) => () => ({ type: "pending-gone", id }) as const;

describe("the stream's text", () => {
  it("is server-sent events, which nothing on the way keeps back", async () => {
    const { response, read, journal } = open();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    expect([await read(), await read(), await read()]).toEqual([
      "retry: 500\n\n",
      'data: {"type":"start"}\n\n',
      `id: ${journal.last()}\ndata: {"type":"mistake","mistake":null}\n\n`,
    ]);
  });

  it("goes on after the last event, with those that the person may see", async () => {
    const journal = createJournal();
    journal.add(gone("a"));
    const lastId = journal.last();
    journal.add((person) => (person === linus ? gone("b")() : undefined));
    journal.add(gone("c"));
    const { read } = open(lastId, journal);
    expect([await read(), await read()]).toEqual([
      "retry: 500\n\n",
      `id: ${journal.last()}\ndata: {"type":"pending-gone","id":"c"}\n\n`,
    ]);
    journal.add(gone("d"));
    expect(await read()).toContain('"d"');
  });

  it("has a beat every 20 s", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { read, page } = open();
    for (const _ of [1, 2, 3]) await read();
    vi.advanceTimersByTime(19_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await read()).toBe(": still here\n\n");
    page.abort();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(["page", "server"] as const)("ends when the %s does, and hears of nothing more", async (which) => {
    const started = open();
    for (const _ of [1, 2, 3]) await started.read();
    started[which].abort();
    const made = vi.fn(gone("a"));
    started.journal.add(made);
    expect(await started.read()).toBeUndefined();
    expect(made).not.toHaveBeenCalled();
  });

  it("ends for a page that no longer reads", async () => {
    const { journal, reader } = open();
    await reader?.cancel();
    const made = vi.fn(gone("a"));
    await new Promise(setImmediate);
    journal.add(made);
    expect(made).not.toHaveBeenCalled();
  });

  it("is cut off for a page that is 1,000 events behind", async () => {
    const { journal, read } = open();
    for (let count = 0; count < 1_100; count++) journal.add(gone(String(count)));
    let last = "";
    let count = 0;
    for (let text = await read(); text !== undefined; text = await read()) [last, count] = [text, count + 1];
    expect(count).toBeGreaterThan(990);
    expect(count).toBeLessThan(1_010);
    expect(last).not.toContain('"1099"');
  });
});

describe("what is told", () => {
  it("is told to those who may see it", () => {
    const journal = createJournal();
    createTell(journal)((person) => person === ada, { type: "start" });
    const [entry] = journal.after(journal.last().replace(/1$/, "0")) ?? [];
    expect([entry?.make(ada), entry?.make(linus)]).toEqual([{ type: "start" }, undefined]);
  });

  it("is a message in its present state, and what is unread only for a new one", () => {
    const journal = createJournal();
    const start = journal.last();
    let present: object | undefined = { id: "1", content: "new" };
    const telling = createTelling({
      simulator: { message: () => present } as never,
      journal,
      messages: { view: (person: string, message: object) => (person === ada ? { message } : undefined) } as never,
      unread: { of: () => ({ unread: 2, isMentioned: true }), read() {}, clear() {} },
    });
    telling.message({ id: "1", channel_id: general } as never, true);
    telling.message({ id: "1", channel_id: general } as never, false);
    const [isNew, unread, changed, ...others] = journal.after(start) ?? [];
    expect(isNew?.make(ada)).toEqual({
      type: "message",
      channelId: general,
      view: { message: { id: "1", content: "new" } },
      isNew: true,
    });
    expect(isNew?.make(linus)).toBeUndefined();
    expect(unread?.make(linus)).toEqual({ type: "unread", channelId: general, unread: 2, isMentioned: true });
    expect(changed?.make(ada)).toMatchObject({ type: "message", isNew: false });
    expect(others).toEqual([]);
    present = undefined;
    expect(isNew?.make(ada)).toBeUndefined();
  });
});

describe("a stream", () => {
  it("begins with the world as the person sees it", async () => {
    const { look } = startPlayground(says("hello"));
    const stream = await look(linus);
    await stream.until("mistake");
    const { world } = await stream.until("world");
    expect(stream.types().slice(0, 4)).toEqual(["start", "world", "controls", "mistake"]);
    expect(world.me).toMatchObject({ id: linus, username: "linus", role: "member" });
    expect(world.people.map(({ username, role }) => `${username} ${role}`)).toEqual([
      "ada administrator",
      "grace.h moderator",
      "linus member",
      "mei_lin member",
      "robin member",
      "stranger stranger",
    ]);
    expect(world.guilds.map(({ name, channels }) => [name, channels.map((channel) => channel.name)])).toEqual([
      ["The Harbour", ["Piers", "general", "news", "Radio", "knots"]],
    ]);
    expect(world.directs.map(({ type, name }) => [type, name])).toEqual([
      [1, "sandpiper"],
      [3, "Friends"],
    ]);
    const [first] = Object.values(world.commands);
    expect(first?.name).toBe("ping");
    expect(world.guilds[0]?.channels[1]?.commands).toEqual([first?.id]);
    expect(world.names).not.toHaveProperty(moderators);
  });

  it("shows a stranger no server, but direct messages with the bot", async () => {
    const { look } = startPlayground(says("hello"));
    const { world } = await (await look(stranger)).until("world");
    expect(world.guilds).toEqual([]);
    expect(world.directs).toHaveLength(2);
  });

  it("resumes after the last event that the page received", async () => {
    const { look, ping } = startPlayground(says("hello"));
    const first = await look(ada);
    await first.until("mistake");
    const lastId = first.events.at(-1)?.id;
    await first.end();
    await ping();
    const second = await look(ada, lastId);
    const { view } = await second.until("message");
    expect(view.message.content).toBe("hello");
    expect(second.types()).not.toContain("start");
  });

  it("has no id before all of its beginning has come", async () => {
    const { look } = startPlayground(says("hello"));
    const stream = await look(ada);
    await stream.until("mistake");
    expect(stream.events.map(({ id }) => id !== "")).toEqual([false, false, false, true]);
  });

  it("begins anew for an id that it does not know", async () => {
    const { look } = startPlayground(says("hello"));
    for (const id of ["abc-1", "", "x", "9".repeat(400)]) {
      const stream = await look(ada, id);
      await stream.until("start");
    }
  });

  it("tells the world anew when commands change", async () => {
    const { look, simulator } = startPlayground(says("hello"));
    const stream = await look(ada);
    await stream.until("mistake");
    simulator.registerCommands([{ name: "pong", description: "New" }]);
    await stream.until("world", ({ world }) => Object.values(world.commands).some(({ name }) => name === "pong"));
  });
});

describe("who sees a message", () => {
  it("is the person alone for an ephemeral one, and all in the channel for others", async () => {
    const { look, ping, api } = startPlayground((_, { data }) =>
      Response.json({ type: 4, data: { content: String(data?.name), flags: 64 } }),
    );
    const [hers, his] = [await look(ada), await look(linus)];
    await ping(ada);
    const { view } = await hers.until("message");
    expect(view.cause).toMatchObject({ person: { username: "ada" }, title: "/ping" });
    await ping(linus);
    await his.until("message");
    expect(his.of("message").map(({ view }) => view.cause?.person.username)).toEqual(["linus"]);
    const { body } = await api("GET", `/messages?person=${linus}&channel=${general}`);
    expect(body.messages).toHaveLength(1);
  });

  it("depends on the channel's permissions", async () => {
    const { look, rest, api } = startPlayground(says("hello"));
    const his = await look(linus);
    const hers = await look(grace);
    await his.until("mistake");
    // The moderators' channel is hidden from the bot, so that a person's answer brings the message there.
    expect((await api("GET", `/messages?person=${linus}&channel=${moderators}`)).status).toBe(403);
    expect((await api("GET", `/messages?person=${grace}&channel=${moderators}`)).status).toBe(200);
    await rest("POST", `/channels/${general}/messages`, { content: "for all" });
    await Promise.all([hers.until("message"), his.until("message")]);
  });
});

describe("unread messages", () => {
  it("count what arrives without being asked, with a mark for direct ones", async () => {
    const { look, rest, act, simulator } = startPlayground(says("hello"));
    const stream = await look(robin);
    const { world } = await stream.until("world");
    const channel = world.directs[0]?.id ?? "";
    await rest("POST", `/channels/${channel}/messages`, { content: "Tea is ready" });
    expect(await stream.until("unread", (event) => event.channelId === channel)).toMatchObject({
      unread: 1,
      isMentioned: true,
    });
    await act(robin, { do: "read", channelId: channel });
    await stream.until("unread", (event) => event.channelId === channel && event.unread === 0);
    await rest("POST", `/channels/${general}/messages`, { content: "Nothing for Robin" });
    await stream.until("unread", (event) => event.channelId === general && event.unread === 1 && !event.isMentioned);
    await rest("POST", `/channels/${general}/messages`, { content: `<@${robin}>, look` });
    await stream.until("unread", (event) => event.channelId === general && event.unread === 2 && event.isMentioned);
    expect(simulator.visibleMessages({ user: "ada", channel: "#general" })).toHaveLength(2);
  });

  it("do not count the answers to the person's own interactions", async () => {
    const { look, ping } = startPlayground(says("hello"));
    const [hers, his] = [await look(ada), await look(linus)];
    await ping(ada);
    expect(await hers.until("unread")).toMatchObject({ unread: 0 });
    expect(await his.until("unread")).toMatchObject({ unread: 1 });
  });
});
