import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../local/command-line.ts";
import { createWorld, type World, type WorldOptions } from "../local/kit/world.ts";
import { createRandom } from "../test/simulation/random.ts";

// `npm run costs`: counts what the bot's operations cost at the Redis server, and writes docs/costs.md. With `--check` it fails when
// the page no longer says what is counted.

/** https://upstash.com/pricing/redis, as of 2026-11-26: pay as you go, and the free tier. */
const dollarsPer100k = 0.2;
const freeCommands = 500_000;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const grace = { user: "grace.h" };
const adminToken = "costs-admin-token-of-24-characters";

interface Cost {
  commands: number;
  requests: number;
}

/** Runs `work` in a fresh world and returns what it cost, without what the same time costs when idle. */
async function cost(work: (world: World) => Promise<void>, before = async (_world: World) => {}): Promise<Cost> {
  const world = await open();
  try {
    await before(world);
    world.redis.resetCounters();
    await work(world);
    const { commands, requests } = world.redis.counters();
    return { commands, requests };
  } finally {
    await world.close();
  }
}

const open = (options: WorldOptions = {}) => {
  const random = createRandom(1);
  return createWorld({ random: () => random.next(), env: { ADMIN_TOKEN: adminToken }, ...options });
};

async function idleHour(isolates: WorldOptions["isolates"]): Promise<Cost> {
  const world = await open(isolates === undefined ? {} : { isolates });
  try {
    await world.pass(10 * minute);
    world.redis.resetCounters();
    await world.pass(hour);
    const { commands, requests } = world.redis.counters();
    return { commands, requests };
  } finally {
    await world.close();
  }
}

const withoutCron = async (world: World) => world.setCron(false);

/** From `/remind` to its delivery, an hour later, without the ticks' looks. */
async function reminder(): Promise<Cost> {
  const idle = await idleHour(undefined);
  const whole = await cost(
    async ({ run, pass, discord }) => {
      await run(discord.command("/remind me about:tea in:30m"));
      await pass(hour);
    },
    (world) => world.pass(10 * minute),
  );
  return { commands: whole.commands - idle.commands, requests: whole.requests - idle.requests };
}

async function openPoll({ run, discord }: World): Promise<string> {
  const form = await run(discord.command("/poll question:Lunch?"));
  const poll = await run(discord.submit(form.interaction.token, { Answers: "Pizza\nSoup" }));
  return poll.messages[0]?.id ?? "";
}

async function vote(): Promise<Cost> {
  let poll = "";
  return cost(
    async ({ run, discord }) => void (await run(discord.click(poll, { label: "Pizza" }))),
    async (world) => {
      await withoutCron(world);
      poll = await openPoll(world);
    },
  );
}

const wizard = (): Promise<Cost> =>
  cost(async ({ run, discord }) => {
    const begun = await run(discord.command("/setup", grace));
    const id = begun.messages[0]?.id ?? "";
    for (const label of ["Next", "Next", "Next", "Next", "Save"]) await run(discord.click(id, { label }, grace));
  }, withoutCron);

/** One post to 100 channels, until the last has it. The free plan needs three invocations for them. */
async function post(): Promise<Cost> {
  const idle = await idleHour(undefined);
  const whole = await cost(
    async ({ run, pass, discord }) => {
      await run(discord.command("/feed publish topic:releases text:2.0", grace));
      await pass(hour);
    },
    async (world) => {
      await world.pass(10 * minute);
      const [guild] = [...world.discord.world.guilds.values()];
      const [channel] = [...(guild?.channels.values() ?? [])].filter(({ type }) => type === 0);
      if (!guild || !channel) throw new Error("The seeded world has no text channel.");
      for (let index = 0; index < 100; index++) {
        const id = String(1_150_000_000_000_000_000n + BigInt(index));
        guild.channels.set(id, { ...channel, id, name: `channel-${index}` } as typeof channel);
        await world.redisCommand("HSET", `sp:f:@${guild.guild.id}.releases`, id, guild.guild.id);
      }
    },
  );
  return { commands: whole.commands - idle.commands, requests: whole.requests - idle.requests };
}

/** Somebody watches the events for an hour in which nothing happens, and connects again whenever a response ends. */
const stream = (): Promise<Cost> =>
  cost(async ({ run, fetch, clock }) => {
    const until = clock.now() + hour;
    let after: string | undefined;
    while (clock.now() < until) {
      const headers = { Authorization: `Bearer ${adminToken}`, ...(after !== undefined && { "Last-Event-ID": after }) };
      const response = await run(fetch("/admin/api/events?channel=all", { headers }));
      const text = await run(response.text());
      after = [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? after;
    }
  }, withoutCron);

/** Fifty people, evenly over a day: 300 `/ping`, 300 `/whois`, 200 votes, 100 `/remind`, 100 `/help`. */
async function busyDay(): Promise<Cost> {
  const people = ["ada", "grace.h", "linus", "mei_lin", "robin"];
  let poll = "";
  return cost(
    async ({ run, pass, discord }) => {
      for (let index = 0; index < 1_000; index++) {
        const user = people[index % people.length] ?? "ada";
        const kind = index % 10;
        if (kind < 3) await run(discord.command("/ping", { user }));
        else if (kind < 6) await run(discord.command("/whois", { user }));
        else if (kind < 8) await run(discord.click(poll, { label: index % 20 < 10 ? "Pizza" : "Soup" }, { user }));
        else if (kind < 9) await run(discord.command("/remind me about:tea in:40m", { user }));
        else await run(discord.command("/help", { user }));
        await pass(day / 1_000);
      }
    },
    async (world) => void (poll = await openPoll(world)),
  );
}

const dollars = (commands: number): string => `$${((commands / 100_000) * dollarsPer100k).toFixed(2)}`;
const share = (commands: number): string => `${Math.round((commands / freeCommands) * 100)} %`;
const count = (value: number): string => Math.round(value).toLocaleString("en-US");

async function page(): Promise<string> {
  const month = 30 * 24;
  const idle = await idleHour(undefined);
  const fresh = await idleHour("fresh");
  const busy = await busyDay();
  const operations: [string, Cost][] = [
    ["a reminder, from `/remind` to its delivery", await reminder()],
    ["a vote in a poll", await vote()],
    ["`/setup` with its four steps, saved", await wizard()],
    ["a feed post to 100 channels", await post()],
    ["one live stream watched for an hour, quiet", await stream()],
  ];
  const months: [string, number][] = [
    ["idle, one isolate", idle.commands * month],
    ["idle, every tick in a fresh isolate", fresh.commands * month],
    ["1,000 interactions a day", busy.commands * 30],
  ];
  return `# What it costs

This page is written by \`npm run costs\`: it runs the whole bot against the local Redis server and counts what Upstash would bill.
Prices are Upstash's of 2026-11-26: $${dollarsPer100k} for 100,000 commands, ${count(freeCommands)} commands a month free.

| a month | commands | pay as you go | of the free tier |
| --- | --- | --- | --- |
${months.map(([name, commands]) => `| ${name} | ${count(commands)} | ${dollars(commands)} | ${share(commands)} |`).join("\n")}

1,000 interactions a day are 300 \`/ping\`, 300 \`/whois\`, 200 votes, 100 \`/remind\` with their deliveries and 100 \`/help\` from five people,
the ticks included.

| one of these | commands | round trips to Redis |
| --- | --- | --- |
${operations.map(([name, one]) => `| ${name} | ${count(one.commands)} | ${count(one.requests)} |`).join("\n")}

Workers: every interaction is one request, and the cron tick is ${count(30 * 24 * 60)} requests a month; the free plan has 100,000 requests a day.
`;
}

const path = join(import.meta.dirname, "../docs/costs.md");

await runCommand({
  usage: `Usage: npm run costs -- [options]

Counts what operations cost, and writes docs/costs.md.

Options:
  --check       write nothing, and fail where the page says otherwise
  -h, --help    print this help
`,
  options: { check: { type: "boolean", default: false } },
  async run({ values }) {
    const text = await page();
    if (!values.check) {
      writeFileSync(path, text);
      process.stdout.write(text);
    } else if (readFileSync(path, "utf8") !== text) {
      throw new Error("docs/costs.md no longer says what is counted. Run `npm run costs`, and look at what changed.");
    }
  },
});
