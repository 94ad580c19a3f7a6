import { describe, expect, it } from "vitest";
import { ada, general, grace, linus, moderators, robin, says, startPlayground, stranger } from "./support.ts";

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
