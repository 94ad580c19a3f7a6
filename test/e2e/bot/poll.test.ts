import { describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim();

async function ask(entered: object = {}) {
  const form = await sim.command("/poll");
  return form.submit({ Question: "Lunch?", Answers: "Pizza\n\n  Sushi \nSoup", ...entered });
}

describe("/poll", () => {
  it("opens a form for a poll, filled in with the given question", async () => {
    const opened = await sim.command("/poll question:What now?");
    expect(opened.form).toEqual({
      title: "New poll",
      fields: ["Question", "Answers", "Closes after", "Several answers"],
    });
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
  ])("refuses a poll with %s and returns the text that was entered", async (_name, entered, problem) => {
    const refused = await ask(entered);
    expect(refused.isEphemeral).toBe(true);
    expect(refused.text).toContain(problem);
    expect(refused.text).toContain("Lunch?");
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

  it("shows markup and mentions in questions and answers as plain text", async () => {
    const poll = await ask({
      Question: "# **Bold** <@1100000000000000012>?",
      Answers: "*stars*\n<@1100000000000000013>",
    });
    const voted = await poll.as("robin").click("*stars*");
    expect(voted.buttons).toEqual(["*stars*", "<@1100000000000000013>", "Close poll"]);
    expect(voted.text).toMatch(/ 1 · 100 %/);
    expect(voted.raw.messages[0]?.mentions).toEqual([]);
  });

  it("counts hundreds of votes and shows the first twenty names", async () => {
    const { users, guilds } = sim.discord.world;
    const someone = guilds.get("1100000000000000100")?.members.get("1100000000000000015");
    if (!someone) throw new Error("Robin is gone.");
    const voters = Array.from({ length: 30 }, (_, index) => String(1_200_000_000_000_000_000n + BigInt(index)));
    for (const id of voters) {
      const user = { ...someone.user, id, username: `voter-${id}` };
      users.set(id, user);
      guilds.get("1100000000000000100")?.members.set(id, { ...someone, user });
    }
    const poll = await ask();
    let shown = poll;
    for (const id of voters) shown = await poll.as(id).click("Pizza");
    expect(shown.text).toMatch(/ 30 · 100 %\n.* and 10 more/);
  });
});

describe("closing", () => {
  it("lets the author and moderators close a poll", async () => {
    const poll = await ask();
    const refused = await poll.as("robin").click("Close poll");
    expect([refused.isEphemeral, refused.text]).toEqual([true, expect.stringContaining("can close this poll")]);
    await poll.click("Soup");
    const closed = await poll.as("grace.h").click("Close poll");
    expect(closed.buttons).toEqual([]);
    expect(closed.text).toMatch(/Soup\n.* 1 · 100 %[^]*Closed/);
  });
});
