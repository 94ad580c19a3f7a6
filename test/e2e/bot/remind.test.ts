import { describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim({ env: { LOG_LEVEL: "error" } });
const harbour = "1100000000000000111";

/** Returns the texts of a person's direct messages from the bot. */
function inbox(userId: string): string[] {
  const channel = sim.discord.world.directChannels.get(userId);
  return channel ? messagesIn(channel.id) : [];
}
const messagesIn = (channelId: string): string[] =>
  [...(sim.discord.world.messages.get(channelId)?.values() ?? [])].map(({ content }) => content);
const ada = "1100000000000000011";

async function redis(...command: string[]): Promise<unknown> {
  const headers = { Authorization: "Bearer sim-redis-token" };
  const response = await fetch(sim.redis.url, { method: "POST", headers, body: JSON.stringify(command) });
  return ((await response.json()) as { result: unknown }).result;
}

describe("/remind", () => {
  it("sends a due reminder once, as a direct message", async () => {
    const set = await sim.command("/remind me about:tea in:2s");
    expect([set.isEphemeral, set.text]).toEqual([true, expect.stringContaining(": tea")]);
    await expect.poll(() => inbox(ada).filter((one) => one.includes("⏰ tea")).length, { timeout: 8_000 }).toBe(1);
    expect((await sim.command("/remind list")).text).toContain("You have no reminders.");
  });

  it("lists, snoozes and cancels a person's own reminders", async () => {
    await sim.command("/remind me about:later in:1h");
    await sim.command("/remind me about:tomorrow's walk at:09:00 zone:Europe/Berlin");
    await sim.command("/remind me about:the bins every:monday 7:15");
    const listed = await sim.command("/remind list");
    for (const shown of ["Your reminders (3)", "later", "tomorrow's walk", "the bins", "and again every monday 7:15"]) {
      expect(listed.text).toContain(shown);
    }
    expect((await sim.as("robin").command("/remind list")).text).toContain("You have no reminders.");
    const fewer = await listed.click("Cancel");
    expect(fewer.text).toContain("Your reminders (2)");
    expect((await fewer.click("Snooze 10 min")).text).toContain("Your reminders (2)");
    const [choice = ""] = await sim.complete("/remind cancel reminder:bins");
    expect(choice).toContain("the bins (");
    expect((await sim.command("/remind cancel reminder:nonsense")).text).toContain(
      "You no longer have such a reminder",
    );
    expect((await sim.command("/remind snooze reminder:nonsense by:10m")).text).toContain(
      "You no longer have such a reminder",
    );
  });

  it.each([
    ["no time", "", "Say when"],
    ["two times", "in:1m at:12:00", "not both"],
    ["an invalid time", "at:25:99", "is not a time"],
    ["an invalid duration", "in:soonish", "is not a length of time"],
    ["a duration without a unit", "in:10", "is not a length of time"],
    ["a time years away", "in:3 years", "more than a year away"],
    ["a past day", "at:2020-01-01 10:00", "is in the past"],
    ["an unknown recurrence", "every:blue moon", "is not a way to repeat"],
    ["a recurrence that never occurs", "every:0 0 30 2 *", "never comes"],
    ["an unknown time zone", "at:10:00 zone:Middle/Earth", "is not a time zone"],
  ])("says what is wrong with a reminder with %s", async (_name, words, problem) => {
    expect((await sim.command(`/remind me about:x ${words}`)).text).toContain(problem);
  });

  it("refuses to postpone a reminder beyond a year, and still lists and completes it", async () => {
    await sim.as("robin").command("/remind me about:dentist in:1h");
    const [choice = ""] = await sim.as("robin").complete("/remind snooze reminder:dentist");
    expect(choice).toContain("dentist (");
    for (const by of ["1e30s", "13 months", "999999999999999 years", "1 500 m"]) {
      const refused = await sim.as("robin").command(`/remind snooze reminder:${choice} by:${by}`);
      expect(refused.text).toMatch(/is not a length of time|more than a year away/);
    }
    expect(await sim.as("robin").complete("/remind snooze reminder:dentist")).toEqual([choice]);
    expect((await sim.as("robin").command("/remind list")).text).toContain("dentist");
  });

  it("lists and completes reminders beside a record whose time no date can show", async () => {
    await sim.command("/remind me about:ferry in:1h");
    const record = JSON.stringify(["broken", "remind", ada, 1e33, 0, 0, { about: "broken", channelId: harbour }]);
    await redis("HSET", "sp:j:jobs", "broken", record);
    await redis("ZADD", `sp:j:of:${ada}`, "1e33", "broken");
    expect(await redis("ZSCORE", `sp:j:of:${ada}`, "broken")).not.toBeNull();
    expect(await sim.complete("/remind snooze reminder:ferry")).toEqual([expect.stringContaining("ferry (")]);
    expect((await sim.command("/remind list")).text).toContain("ferry");
  });

  it("sends a reminder once although Discord's answer was lost", async () => {
    sim.discord.setRestFault({ status: 502, times: 1, isAfter: true, path: "/messages" });
    await sim.command("/remind me about:nets in:1s");
    await expect.poll(() => inbox(ada).filter((one) => one.includes("⏰ nets")).length, { timeout: 12_000 }).toBe(1);
  });

  it("sends a reminder to its channel when the person accepts no direct messages", async () => {
    sim.discord.setRestFault({ status: 403, times: 1, path: "/users/@me/channels" });
    // Someone whom the bot has no direct channel with yet.
    await sim.as("grace.h").command("/remind me about:fish in:1s");
    await expect
      .poll(() => messagesIn(harbour).filter((one) => /^<@\d+> ⏰ fish/.test(one)).length, { timeout: 8_000 })
      .toBe(1);
  });

  it("lists a reminder that could not be delivered, and tries it again when its owner asks", async () => {
    sim.discord.setRestFault({ status: 403, times: 2, path: "/channels" });
    await sim.command("/remind me about:rope in:1s");
    const list = () => sim.command("/remind list");
    await expect.poll(async () => (await list()).text, { timeout: 8_000 }).toMatch(/Not delivered .*rope/);
    const again = await (await list()).click("Try again");
    expect(again.text).not.toContain("Not delivered");
    await expect.poll(() => inbox(ada).filter((one) => one.includes("⏰ rope")).length, { timeout: 8_000 }).toBe(1);
  });

  it("keeps 25 reminders of one person, however many are asked for at once", async () => {
    const robin = sim.as("robin");
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => robin.command(`/remind me about:n${index} in:1h`)),
    );
    expect(answers.filter(({ text }) => text.includes("the most that one person can have")).length).toBeGreaterThan(14);
    const listed = await robin.command("/remind list");
    expect(listed.text).toContain("Your reminders (25)");
    await listed.click("Cancel");
    expect((await robin.command("/remind me about:room again in:1h")).text).toContain("room again");
  });
});

describe("/poll closes:", () => {
  it.each(["soon", "9s", "31 days", "30 days 1s", "1,500m"])("refuses to close a poll after %s", async (closes) => {
    const refused = await (await sim.command(`/poll question:Q closes:${closes}`)).submit({ Answers: "A\nB" });
    expect(refused.text).toContain("A poll closes after 10 seconds to 30 days");
  });

  it("closes a poll after 30 days at most", async () => {
    const poll = await (await sim.command("/poll question:Q closes:30 days")).submit({ Answers: "A\nB" });
    expect(poll.text).toContain("closes ");
  });
});

describe("/cluster and /broadcast", () => {
  it("shows the instances to anyone, and takes orders from the owner only", async () => {
    const before = await sim.command("/cluster");
    expect(before.text).toMatch(/No instance leads|leads under token/);
    const refused = await sim.as("robin").command("/broadcast order:note");
    expect([refused.isEphemeral, refused.text]).toEqual([true, expect.stringContaining("Only the bot's owner")]);
    expect((await sim.command("/broadcast order:note note:hello")).text).toContain("Every instance carries it out");
  });
});
