import { describe, expect, it } from "vitest";
import { createJobs } from "../../../../src/jobs/index.ts";
import { createConnection, createRedisState } from "../../../../src/redis/index.ts";
import { channels, harbour, ids, startTown } from "../support.ts";

const town = await startTown();
const minute = 60_000;

/** How Discord shows a time of the world's clock that is `ms` milliseconds ahead. */
const ahead = (ms: number) => `<t:${Math.floor((town.clock.now() + ms) / 1_000)}:f>`;

/** The bot's jobs, past the Worker. */
const jobs = () => {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = town.env;
  const { commands } = createConnection({ url, token, state: createRedisState() });
  return createJobs({ redis: () => commands, prefix: "sp:", clock: town.clock });
};

/** Gives a person reminders that are due in an hour, past the Worker. */
async function fill(owner: string, count: number): Promise<void> {
  const dueAt = town.clock.now() + 60 * minute;
  const all = jobs();
  const data = { about: "one of many" };
  await Promise.all(Array.from({ length: count }, () => all.schedule({ kind: "remind", owner, data, dueAt })));
}

describe("/remind", () => {
  it("lists, snoozes and cancels a person's own reminders, for their eyes only", async () => {
    await town.command("/remind me about:later in:1h");
    await town.command("/remind me about:tomorrow's walk at:09:00 zone:Europe/Berlin");
    await town.command("/remind me about:the Bins every:monday 7:15");
    const listed = await town.command("/remind list");
    expect(listed.isEphemeral).toBe(true);
    for (const shown of ["Your reminders (3)", "later", "tomorrow's walk", "the Bins", "and again every monday 7:15"]) {
      expect(listed.text).toContain(shown);
    }
    expect((await town.as("robin").command("/remind list")).text).toContain("You have no reminders.");
    const fewer = await listed.click("Cancel");
    expect(fewer.text).toContain("Your reminders (2)");
    expect((await fewer.click("Snooze 10 min")).text).toContain("Your reminders (2)");
    const choices = await town.complete("/remind cancel reminder:BINS");
    expect(choices).toEqual([expect.stringMatching(/^the Bins \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/)]);
    for (const words of ["cancel reminder:nonsense", "snooze reminder:nonsense by:10m"]) {
      const refused = await town.command(`/remind ${words}`);
      expect([refused.isEphemeral, refused.text]).toEqual([
        true,
        expect.stringContaining("You no longer have such a reminder"),
      ]);
    }
  });

  it("neither cancels nor postpones the reminder of another person who knows its id", async () => {
    const robin = town.as("robin");
    await robin.command("/remind me about:my secret in:1h");
    const id = (await jobs().list("1100000000000000015"))[0]?.id ?? "";
    for (const words of [`cancel reminder:${id}`, `snooze reminder:${id} by:10m`]) {
      const refused = await town.command(`/remind ${words}`);
      expect(refused.text).toContain("You no longer have such a reminder");
      expect(refused.text).not.toContain("secret");
    }
    expect((await robin.command("/remind list")).text).toContain("my secret");
    expect((await robin.command(`/remind cancel reminder:${id}`)).text).toContain("Cancelled.");
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
    expect((await town.command(`/remind me about:x ${words}`)).text).toContain(problem);
  });

  it("refuses to postpone a reminder beyond a year, and still lists and completes it", async () => {
    const robin = town.as("robin");
    await robin.command("/remind me about:dentist in:1h");
    const [choice = ""] = await robin.complete("/remind snooze reminder:dentist");
    expect(choice).toContain("dentist (");
    for (const by of ["1e30s", "13 months", "999999999999999 years", "1 500 m"]) {
      const refused = await robin.command(`/remind snooze reminder:${choice} by:${by}`);
      expect(refused.text).toMatch(/is not a length of time|more than a year away/);
    }
    expect(await robin.complete("/remind snooze reminder:dentist")).toEqual([choice]);
    expect((await robin.command("/remind list")).text).toContain("dentist");
    await robin.command(`/remind cancel reminder:${choice}`);
  });

  it("lists and completes reminders beside a record whose time no date can show", async () => {
    await town.command("/remind me about:ferry in:1h");
    const record = JSON.stringify(["broken", "remind", ids.ada, 1e33, 0, 0, { about: "broken" }]);
    await town.redisCommand("HSET", "sp:j:jobs", "broken", record);
    await town.redisCommand("ZADD", `sp:j:of:${ids.ada}`, "1e33", "broken");
    expect(await town.complete("/remind snooze reminder:ferry")).toEqual([expect.stringContaining("ferry (")]);
    expect((await town.command("/remind list")).text).toContain("ferry");
  });

  it("reads times by the server's clocks, and by UTC in a direct message", async () => {
    await town.redisCommand("SET", `sp:g:${harbour}`, '{"timeZone":"Asia/Tokyo"}');
    // 12:00 in UTC is 21:00 in Tokyo.
    const mei = town.as("mei_lin");
    const untilTen = Date.parse("2026-06-01T13:00:00Z") - town.clock.now();
    const inServer = await mei.command("/remind me about:here at:22:00");
    expect(inServer.raw.messages[0]?.content).toContain(ahead(untilTen));
    const untilTenUtc = Date.parse("2026-06-01T22:00:00Z") - town.clock.now();
    const direct = await mei.in("dm").command("/remind me about:there at:22:00");
    expect(direct.raw.messages[0]?.content).toContain(ahead(untilTenUtc));
    // Of a zone that is none, postponing takes UTC.
    await town.redisCommand("SET", `sp:g:${harbour}`, '{"timeZone":"Middle/Earth"}');
    const [reminder = ""] = (await jobs().list("1100000000000000014")).map(({ id }) => id);
    const inOwn = await mei.command("/remind me about:x at:10:00");
    expect(inOwn.text).toMatch(/Middle\/Earth is not a time zone\..* It is this server's: \/setup changes it\./);
    const inNamed = await mei.command("/remind me about:x at:10:00 zone:Middle/Sea");
    expect(inNamed.text).toMatch(/Middle\/Sea is not a time zone/);
    expect(inNamed.text).not.toContain("this server's");
    const postponed = await mei.command(`/remind snooze reminder:${reminder} by:1 day`);
    expect(postponed.raw.messages[0]?.content).toContain(ahead(24 * 60 * minute));
    await town.redisCommand("DEL", `sp:g:${harbour}`);
  });
});

describe("postponing", () => {
  it("postpones by ten minutes from now with the button, and with /remind snooze unless it is told otherwise", async () => {
    const grace = town.as("grace.h");
    await grace.command("/remind me about:nets in:5h");
    const clicked = await (await grace.command("/remind list")).click("Snooze 10 min");
    expect(JSON.stringify(clicked.raw.messages)).toContain(`${ahead(10 * minute)} (`);
    const [choice = ""] = await grace.complete("/remind snooze reminder:nets");
    const id = (await jobs().list(ids.grace))[0]?.id ?? "";
    expect(choice).toContain("nets (");
    expect((await grace.command(`/remind snooze reminder:${id}`)).raw.messages[0]?.content).toContain(
      ahead(10 * minute),
    );
    expect((await grace.command(`/remind snooze reminder:${id} by:3h`)).raw.messages[0]?.content).toContain(
      ahead(180 * minute),
    );
    await grace.command(`/remind cancel reminder:${id}`);
  });
});

describe("the list", () => {
  it("shows reminders alone, whatever else the bot does for the person later", async () => {
    const grace = town.as("grace.h");
    const dueAt = town.clock.now() + 60 * minute;
    await jobs().schedule({ kind: "broadcast", owner: ids.grace, data: {}, dueAt });
    expect((await grace.command("/remind list")).text).toContain("You have no reminders.");
    expect(await grace.complete("/remind cancel reminder:")).toEqual([]);
    const record = JSON.stringify(["b1", "broadcast", ids.grace, dueAt, 5, 0, {}]);
    await town.redisCommand("HSET", `sp:j:dead:${ids.grace}`, "b1", JSON.stringify([dueAt, "no one led", record]));
    expect(await jobs().dead(ids.grace)).toHaveLength(1);
    expect((await grace.command("/remind list")).text).not.toContain("Not delivered");
    const failedAt = Math.floor(dueAt / 1_000) * 1_000 + 999;
    const reminder = JSON.stringify(["r1", "remind", ids.grace, dueAt, 5, 0, { about: "nets" }]);
    const dead = JSON.stringify([failedAt, "r".repeat(201), reminder]);
    await town.redisCommand("HSET", `sp:j:dead:${ids.grace}`, "r1", dead);
    const shown = JSON.stringify((await grace.command("/remind list")).raw.messages);
    expect(shown).toContain(`**Not delivered** <t:${Math.floor(failedAt / 1_000)}:R>: nets\\n-# ${"r".repeat(199)}…`);
    await jobs().forget(ids.grace);
    await jobs().schedule({
      kind: "remind",
      owner: ids.grace,
      data: { about: "x" },
      dueAt,
      every: { cron: "5 9 * * *", zone: "UTC" },
    });
    expect((await grace.command("/remind list")).text).toContain("and again every 5 9 * * * in UTC");
    await jobs().forget(ids.grace);
  });

  it("offers buttons for the next eight reminders, and says how many there are", async () => {
    const grace = town.as("grace.h");
    await fill(ids.grace, 8);
    const eight = await grace.command("/remind list");
    expect(eight.text).toContain("Your reminders (8)\n");
    expect(eight.buttons).toHaveLength(16);
    await grace.command("/remind me about:the ninth in:9h");
    const nine = await grace.command("/remind list");
    expect(nine.text).toContain("Your reminders (9), the next 8");
    expect(nine.buttons).toHaveLength(16);
    await jobs().forget(ids.grace);
  });

  it("offers to try the last three again of those that were not delivered", async () => {
    const grace = town.as("grace.h").in("#news");
    for (let count = 1; count <= 4; count++) {
      town.discord.setRestFault({ status: 403, times: 2, path: "/channels" });
      await grace.command(`/remind me about:lost ${count} in:1s`);
      await town.pass(5_000);
    }
    town.discord.setRestFault(undefined);
    const listed = await grace.command("/remind list");
    expect(listed.buttons).toEqual(["Try again", "Try again", "Try again"]);
    expect(listed.text).toMatch(/lost 4[^]*lost 3[^]*lost 2/);
    const shown = JSON.stringify(listed.raw.messages);
    for (const [, at] of shown.matchAll(/Not delivered\*\* <t:(\d+):R>/g))
      expect(Math.abs(town.clock.now() / 1_000 - Number(at))).toBeLessThan(60);
    expect(town.messagesIn(channels.news)).toEqual([]);
    await jobs().forget(ids.grace);
  });

  it.each([
    ["components", 8, "", "x", "the next 7"],
    ["text", 2, "why ".repeat(100), "monday ".padEnd(95, " ") + "9:00", "the next 8"],
    ["text and components", 3, "why ".repeat(100), "monday ".padEnd(95, " ") + "9:00", "the next 7"],
  ])("shows as many reminders as a message has room for: %s", async (_name, lost, problem, every, next) => {
    const dueAt = town.clock.now() + 60 * minute;
    const zone = "America/Argentina/Rio_Gallegos";
    for (let index = 0; index < lost; index++) {
      const job = JSON.stringify([`lost${index}`, "remind", ids.grace, dueAt, 5, 0, { about: "nets ".repeat(30) }]);
      const dead = JSON.stringify([dueAt, problem || "lost", job]);
      await town.redisCommand("HSET", `sp:j:dead:${ids.grace}`, `lost${index}`, dead);
    }
    for (let index = 0; index < 9; index++) {
      const data = { about: "nets ".repeat(30), every };
      const job = [`kept${index}`, "remind", ids.grace, dueAt, 0, 0, data, "0 9 * * 1", zone, 1, problem];
      await town.redisCommand("HSET", "sp:j:jobs", `kept${index}`, JSON.stringify(job));
      await town.redisCommand("ZADD", `sp:j:of:${ids.grace}`, String(dueAt), `kept${index}`);
    }
    const listed = await town.as("grace.h").command("/remind list");
    expect(listed.text).toContain(`Your reminders (9), ${next}`);
    expect(listed.buttons.filter((label) => label === "Try again")).toHaveLength(Math.min(lost, 3));
    await jobs().forget(ids.grace);
  });
});

describe("the limit of 25 reminders", () => {
  const refusal = "You have 25 reminders, the most that one person can have.";

  it("takes the 25th and refuses the 26th, by the command and by both buttons that make one", async () => {
    const linus = town.as("linus");
    await linus.command("/remind me about:delivered in:1s");
    await town.pass(5_000);
    const delivered = town.inbox(ids.linus).at(-1)?.id ?? "";
    town.discord.setRestFault({ status: 403, times: 2, path: "/channels" });
    await linus.command("/remind me about:not delivered in:1s");
    await town.pass(5_000);

    await fill(ids.linus, 24);
    expect((await linus.command("/remind me about:the 25th in:1h")).text).toContain("the 25th");
    const refused = await linus.command("/remind me about:the 26th in:1h");
    expect(refused.text).toContain(refusal);
    const from = { user: "linus" };
    for (const label of ["Again in 10 min", "Again in an hour"]) {
      const { messages } = await town.discord.click(delivered, { label }, from);
      expect(messages.at(-1)?.content).toContain(refusal);
    }
    const listed = await linus.command("/remind list");
    expect(listed.text).toContain("Your reminders (25)");
    expect((await listed.click("Try again")).text).toContain(refusal);
    expect(await jobs().list(ids.linus, 100)).toHaveLength(25);

    await listed.click("Cancel");
    expect((await linus.command("/remind me about:room again in:1h")).text).toContain("room again");
    await jobs().forget(ids.linus);
  });

  it("holds however many are asked for at once", async () => {
    const linus = town.as("linus");
    await fill(ids.linus, 20);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => linus.command(`/remind me about:n${index} in:1h`)),
    );
    expect(answers.filter(({ text }) => text.includes(refusal))).toHaveLength(5);
    expect(await jobs().list(ids.linus, 100)).toHaveLength(25);
    await jobs().forget(ids.linus);
  });
});
