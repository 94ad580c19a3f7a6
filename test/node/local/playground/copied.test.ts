import { describe, expect, it, onTestFinished } from "vitest";
import type { Simulator } from "../../../../local/discord/index.ts";
import { createWorld, type World } from "../../../../local/kit/index.ts";
import { createPerson } from "../../../../local/kit/person.ts";
import type { CopiedView } from "../../../../local/playground/protocol.ts";
import { createPlayground } from "../../../../local/playground/server/index.ts";

/** Starts this bot with a playground. One world at a time: each would wait for the other's signatures. */
async function start() {
  const world = await createWorld();
  onTestFinished(() => world.close());
  const { discord, clock } = world;
  const playground = createPlayground({
    simulator: discord,
    clock: { now: clock.now, sleep: () => new Promise(() => {}), aheadMs: () => 0, move: () => {} },
  });
  discord.app.route("/", playground.app);
  onTestFinished(() => playground.close());

  const copy = async (exchange: string): Promise<CopiedView> =>
    (await discord.app.request(`/playground/api/exchanges/${exchange}/copied`)).json() as Promise<CopiedView>;
  return { world, discord, copy, people: inWorld(world) };
}

/** The simulator's actions, with time moving while they wait. */
const inWorld = ({ discord, run }: World): Simulator => ({
  ...discord,
  command: (...args) => run(discord.command(...args)),
  autocomplete: (...args) => run(discord.autocomplete(...args)),
  userCommand: (...args) => run(discord.userCommand(...args)),
  messageCommand: (...args) => run(discord.messageCommand(...args)),
  click: (...args) => run(discord.click(...args)),
  select: (...args) => run(discord.select(...args)),
  submit: (...args) => run(discord.submit(...args)),
});

/** Closes the world in which tests were copied, and runs each in an empty one. */
async function paste({ world: before }: { world: World }, ...copies: readonly CopiedView[]): Promise<void> {
  await before.close();
  for (const { test } of copies) {
    const { world, people } = await start();
    await run(test, people);
    await world.close();
  }
}

async function run(text: string | undefined, people: Simulator): Promise<void> {
  expect(text).toMatch(/^import \{ expect, it \} from "vitest";\nimport \{ startSim \} from ".*";\n/);
  const tests: (() => Promise<void>)[] = [];
  const startSim = async () => ({
    ...createPerson(people, {}),
    as: (user: string, from: object = {}) => createPerson(people, { ...from, user }),
  });
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction("expect", "it", "startSim", text?.replaceAll(/^import .*$/gm, ""))(
    expect,
    (_title: string, test: () => Promise<void>) => tests.push(test),
    startSim,
  );
  expect(tests).toHaveLength(1);
  for (const test of tests) await test();
}

describe("a copied test passes when it is pasted", () => {
  it("for a command", async () => {
    const bot = await start();
    const from = { user: "linus", channel: "#news" };
    const { exchange } = await bot.people.command('/remind me in:10m about:"tea: \\"green\\" in:"', from);
    const copied = await bot.copy(exchange);
    expect(copied.test).toContain('sim.as("linus", { channel: "#news" }).command("/remind me ');
    expect(copied.send).toMatch(/^npm run send -- '\/remind me .*' --as linus --in '#news'$/);
    await paste(bot, copied);
  });

  it("for a command in direct messages, of a menu, and one that is being typed", async () => {
    const bot = await start();
    const { people, copy } = bot;
    const direct = await people.command("/ping", { channel: "dm" });
    const menu = await people.userCommand("Who is", "linus");
    const typed = await people.autocomplete("/help command:re");
    const quoted = await people.messageCommand("Quote", direct.messages[0]?.id ?? "", { channel: "dm" });
    const copies = await Promise.all([direct, menu, typed, quoted].map(({ exchange }) => copy(exchange)));
    expect(copies.map(({ send }) => send)).toEqual([
      "npm run send -- '/ping' --in dm",
      "npm run send -- --user-command 'Who is' --target linus",
      "npm run send -- '/help command:re' --complete",
      `npm run send -- --message-command Quote --on ${direct.messages[0]?.id} --in dm`,
    ]);
    await paste(bot, ...copies);
  });

  it("for a form, and for what several people did before", async () => {
    const bot = await start();
    const { people, copy } = bot;
    const opened = await people.command("/poll question:Lunch?");
    const posted = await people.submit(opened.interaction.token, { Answers: "Pizza\nSushi" });
    const messageId = posted.messages[0]?.id ?? "";
    await people.click(messageId, { label: "Pizza" }, { user: "robin" });
    const voted = await people.click(messageId, { label: "Sushi" }, { user: "linus" });
    const copies = await Promise.all([opened, posted, voted].map(({ exchange }) => copy(exchange)));
    const [, submitted, last] = copies;
    expect(submitted?.send).toContain(String.raw`--submit 'answers=Pizza\nSushi'`);
    expect(last?.test).toMatch(/shown2\.as\("robin"\)\.click\("Pizza"\)[^]*\.as\("linus"\)\.click\("Sushi"\)/);
    expect(last?.send).toBe(`npm run send -- --click Sushi --on ${messageId} --as linus`);
    await paste(bot, ...copies);
  });

  it("for the steps of a wizard", async () => {
    const bot = await start();
    const { people, copy } = bot;
    const panel = await people.command("/setup");
    const message = panel.messages[0];
    const [button] = labelsIn(message);
    const steps = [panel];
    if (message && button !== undefined) steps.push(await people.click(message.id, { label: button }));
    await paste(bot, ...(await Promise.all(steps.map(({ exchange }) => copy(exchange)))));
  });
});

const labelsIn = (message: unknown): string[] =>
  [...JSON.stringify(message).matchAll(/"type":2,[^{}]*"label":"([^"]+)"/g)].map(([, label = ""]) => label);

describe("a copy says why there is none", () => {
  it("for a message that no command posted", async () => {
    const { people, discord, copy, world } = await start();
    await people.command("/remind me in:1m about:tea");
    await world.pass(120_000);
    const [reminder] = discord.visibleMessages({ channel: "dm" });
    const quoted = await people.messageCommand("Quote", reminder?.id ?? "", { channel: "dm" });
    const { test, reason } = await copy(quoted.exchange);
    expect([test, reason]).toEqual([undefined, expect.stringContaining("start from the command")]);
  });

  it("for a PING", async () => {
    const { world, copy, discord } = await start();
    const { exchange } = await world.run(discord.ping());
    expect(await copy(exchange)).toEqual({ reason: expect.stringContaining("Only what a person does") });
  });
});
