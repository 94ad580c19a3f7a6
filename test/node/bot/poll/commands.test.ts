import { describe, expect, it } from "vitest";
import { channels, harbour, pingedBy, startTown } from "../support.ts";

const town = await startTown();
const second = 1_000;

async function ask(entered: object = {}) {
  const form = await town.command("/poll");
  return form.submit({ Question: "Lunch?", Answers: "Pizza\n\n  Sushi \nSoup", ...entered });
}
const shownIn = (id: string) => JSON.stringify(town.discord.message(id));

describe("/poll", () => {
  it("opens a form for a poll, filled in with the given question", async () => {
    const opened = await town.command("/poll question:What now?");
    expect(opened.form).toEqual({
      title: "New poll",
      fields: ["Question", "Answers", "Closes after", "Several answers"],
    });
    const limitsIn = ({ body }: { body?: unknown }) =>
      [...JSON.stringify(body).matchAll(/"max_length":(\d+)/g)].map(([, limit]) => Number(limit));
    expect(limitsIn(opened.raw)).toEqual([200, 400, 50]);
    const closing = await town.command("/poll closes:2 days");
    expect(JSON.stringify(closing.raw.body)).toContain('"value":"2 days"');
    expect((await opened.submit({ Answers: "A\nB" })).text).toContain("What now?");
  });

  it("posts a poll that the whole channel sees", async () => {
    const poll = await ask();
    expect(poll.isEphemeral).toBe(false);
    expect(poll.buttons).toEqual(["Pizza", "Sushi", "Soup", "Close poll"]);
    expect(poll.text).toContain("Lunch?");
    expect(poll.text).toContain("0 · 0 %");
  });

  it.each([
    ["one answer", { Answers: "Pizza" }, "A poll has 2 to 5 answers"],
    ["six answers", { Answers: "1\n2\n3\n4\n5\n6" }, "This one has 6"],
    ["the same answer twice", { Answers: "A\nA" }, "Two answers are the same"],
    ["a long answer", { Answers: `A\n${"x".repeat(61)}` }, "at most 60 characters"],
    ["an answer of too many emoji", { Answers: `A\n${"🦀".repeat(61)}` }, "at most 60 characters"],
  ])("refuses a poll with %s and returns the text that was entered", async (_name, entered, problem) => {
    const refused = await ask(entered);
    expect(refused.isEphemeral).toBe(true);
    expect(refused.text).toContain(problem);
    expect(refused.text).toContain("Lunch?");
  });

  it.each([
    ["two answers", "1\n2", 2],
    ["five answers", "1\n2\n3\n4\n5", 5],
    ["the longest answers", `${"x".repeat(60)}\n${"🦀".repeat(60)}`, 2],
  ])("takes a poll with %s", async (_name, answers, count) => {
    expect((await ask({ Answers: answers })).buttons).toHaveLength(count + 1);
  });

  it("takes a question of 200 characters", async () => {
    const question = "x".repeat(200);
    expect((await ask({ Question: question })).text).toContain(question);
    expect((await (await town.command(`/poll question:${question}`)).submit({ Answers: "A\nB" })).text).toContain(
      question,
    );
  });

  it("shows what was entered as it was typed where it refuses it, and lets it out of no code block", async () => {
    const refused = await ask({ Answers: "``` @everyone" });
    expect(refused.raw.messages[0]?.content.split("```")).toHaveLength(3);
    expect(refused.raw.messages[0]?.content).toContain("''' @everyone");
  });
});

describe("votes", () => {
  it("counts one vote per person, which can be moved and taken back", async () => {
    const poll = await ask();
    expect((await poll.click("Pizza")).text).toContain("██████████ 1 · 100 %");
    const both = await poll.as("robin").click("Sushi");
    expect(both.text).toMatch(/Pizza\n.* 1 · 50 %[^]*Sushi\n.* 1 · 50 %/);
    const moved = await poll.click("Sushi");
    expect(moved.text).toMatch(/Pizza\n.* 0 · 0 %[^]*Sushi\n.* 2 · 100 %/);
    expect((await poll.click("Sushi")).text).toMatch(/Sushi\n.* 1 · 100 %/);
  });

  it("counts several votes of a person where the poll allows them", async () => {
    const poll = await ask({ "Several answers": true });
    await poll.click("Pizza");
    expect((await poll.click("Soup")).text).toMatch(/Pizza\n.* 1 · 50 %[^]*Soup\n.* 1 · 50 %/);
  });

  it("shows markup and mentions in questions and answers as they were typed, and pings no people", async () => {
    const poll = await ask({
      Question: "# **Bold** <@1100000000000000012> @everyone?",
      Answers: "*stars*\n<@1100000000000000013> <@&1100000000000000102>",
    });
    const message = town.discord.message(poll.id);
    const shown = JSON.stringify(message);
    expect(shown).toContain(JSON.stringify(String.raw`### \# \*\*Bold\*\* \<\@1100000000000000012\> \@everyone?`));
    expect(shown).toContain(JSON.stringify(String.raw`**\*stars\***`).slice(1, -1));
    const voted = await poll.as("robin").click("*stars*");
    expect(voted.text).toMatch(/ 1 · 100 %/);
    for (const id of [poll.id, voted.id]) {
      const one = town.discord.message(id);
      expect(one && pingedBy(one)).toEqual([]);
    }
  });

  it("counts hundreds of votes and shows the first twenty names", async () => {
    const { users, guilds } = town.discord.world;
    const someone = guilds.get(harbour)?.members.get("1100000000000000015");
    if (!someone) throw new Error("Robin is gone.");
    const voters = Array.from({ length: 22 }, (_, index) => String(1_200_000_000_000_000_000n + BigInt(index)));
    for (const id of voters) {
      const user = { ...someone.user, id, username: `voter-${id}` };
      users.set(id, user);
      guilds.get(harbour)?.members.set(id, { ...someone, user });
    }
    const poll = await ask();
    let shown = poll;
    for (const id of voters.slice(0, 20)) shown = await poll.as(id).click("Pizza");
    expect(shown.text).toMatch(/ 20 · 100 %\n(.*)1200000000000000019\n/);
    for (const id of voters.slice(20)) shown = await poll.as(id).click("Pizza");
    expect(shown.text).toMatch(/ 22 · 100 %\n.*1200000000000000019 and 2 more/);
  });
});

describe("closing", () => {
  it("lets the author and moderators close a poll, and others not", async () => {
    const poll = await ask();
    const refused = await poll.as("robin").click("Close poll");
    expect([refused.isEphemeral, refused.text]).toEqual([true, expect.stringContaining("can close this poll")]);
    expect(shownIn(poll.id)).not.toContain("Closed");
    await poll.click("Soup");
    const closed = await poll.as("grace.h").click("Close poll");
    expect(closed.buttons).toEqual([]);
    expect(closed.text).toMatch(/Soup\n.* 1 · 100 %[^]*Closed/);
    const own = await ask();
    expect((await own.click("Close poll")).text).toContain("Closed");
  });

  it("closes at its time, to the second, and shows that on its message, without a ping", async () => {
    const form = await town.command("/poll question:Quick <@1100000000000000012>? closes:10s");
    const poll = await form.submit({ Answers: "Yes\nNo" });
    expect(poll.text).toContain("closes ");
    await poll.click("Yes");
    await town.pass(9 * second);
    expect(shownIn(poll.id)).not.toContain("Closed");
    await town.pass(3 * second);
    expect(shownIn(poll.id)).toMatch(/Quick.*1 · 100 %.*-# Closed/);
    const message = town.discord.message(poll.id);
    expect(message && pingedBy(message)).toEqual([]);
    expect(town.messagesIn(channels.general).filter((one) => JSON.stringify(one).includes("Quick"))).toHaveLength(1);
  });

  it("is over, and posts nothing, where its message was deleted or its channel closed before", async () => {
    for (const gone of ["message", "channel"]) {
      const form = await town.command(`/poll question:Gone ${gone}? closes:1m`);
      const poll = await form.submit({ Answers: "Yes\nNo" });
      await town.pass(5 * second);
      const general = town.discord.world.guilds.get(harbour)?.channels.get(channels.general);
      if (gone === "message") town.discord.world.messages.get(channels.general)?.delete(poll.id);
      else
        Object.assign(general ?? {}, {
          permission_overwrites: [{ id: town.discord.applicationId, type: 1, allow: "0", deny: "1024" }],
        });
      const before = town.messagesIn(channels.general).length;
      await town.pass(60 * second);
      Object.assign(general ?? {}, { permission_overwrites: [] });
      expect(town.messagesIn(channels.general)).toHaveLength(before);
      // It is not tried again.
      expect(await town.redisCommand("ZCARD", `sp:j:of:polls-${harbour}`)).toBe(0);
      expect(await town.redisCommand("KEYS", "sp:j:dead*")).toEqual([]);
    }
  });

  it.each(["soon", "9s", "31 days", "30 days 1s", "1,500m"])("refuses to close a poll after %s", async (closes) => {
    const refused = await (await town.command(`/poll question:Q closes:${closes}`)).submit({ Answers: "A\nB" });
    expect(refused.text).toContain("A poll closes after 10 seconds to 30 days");
  });

  it("closes a poll after 30 days at most", async () => {
    const poll = await (await town.command("/poll question:Q closes:30 days")).submit({ Answers: "A\nB" });
    expect(poll.text).toContain("closes ");
  });
});
