import { expect, it } from "vitest";
import { createKit, type Guard, type RouterServices, type Stage } from "../../../../src/discord/index.ts";
import { slash } from "../../../support/payloads.ts";
import { createMapAnswerStore } from "../stores/map-stores.ts";
import { createTimedBot } from "./support.ts";

// What a log is told of an interaction: its stages, how each ended, and how long it took.

const { command } = createKit<RouterServices>();
type Declaration = Partial<Parameters<typeof command>[0]>;

/** Asks `/go` and returns its stages, as `<stage> <outcome> <ms>`, and what is answered. */
async function stagesOf(
  run: (services: RouterServices, interaction: { after(work: () => Promise<unknown>): void }) => unknown,
  more: Declaration = {},
  times = 1,
) {
  const stages: Stage[] = [];
  const kept = new Map();
  const go = command({
    name: "go",
    description: "x",
    ...more,
    run: ((interaction: never, services: RouterServices) => run(services, interaction)) as () => string,
  });
  const bot = createTimedBot([go], {
    onStage: (stage) => void stages.push(stage),
    answers: () => createMapAnswerStore(kept),
  });
  const payload = slash("go");
  let answer: unknown;
  for (let time = 0; time < times; time++) {
    const seen = await bot.ask(payload);
    // Second by second, as answers of Discord take turns of their own.
    for (let second = 0; second < 30; second++) {
      await bot.clock.advance(1_000);
      await new Promise((resolve) => void setTimeout(resolve, 0));
    }
    await Promise.all(bot.works);
    answer = seen.answer;
  }
  expect(stages.every(({ handler }) => handler === "/go")).toBe(true);
  return { told: stages.map(({ stage, outcome, ms }) => `${stage} ${outcome} ${ms}`), answer, failures: bot.failures };
}

const later = async <T>({ clock }: RouterServices, ms: number, value: T): Promise<T> => (await clock.sleep(ms), value);
const no = new Error("no");

it("tells how long a handler ran, whether it ended well or not", async () => {
  expect((await stagesOf(() => "x")).told).toEqual(["run ok 0"]);
  expect((await stagesOf((services) => later(services, 500, "x"))).told).toEqual(["run ok 500"]);
  const fail = () => {
    throw no;
  };
  for (const [run, ms] of [
    [fail, 0],
    [(services: RouterServices) => later(services, 700, "").then(fail), 700],
  ] as const) {
    const { told, failures } = await stagesOf(run);
    expect([told, failures]).toEqual([[`run failed ${ms}`], [no]]);
  }
});

it("tells how long guards and loading took, where they took any time, and how they ended", async () => {
  const guard =
    (ms: number, reply?: string): Guard<RouterServices> =>
    (_interaction, services) =>
      ms === 0 ? reply : later(services, ms, reply);
  const told = async (more: Declaration) => (await stagesOf((services) => later(services, 5, "x"), more)).told;
  expect(await told({ guards: [guard(0)] })).toEqual(["run ok 5"]);
  expect(await told({ guards: [guard(0, "No.")] })).toEqual(["admit refused 0"]);
  expect(await told({ guards: [guard(40)] })).toEqual(["admit ok 40", "run ok 5"]);
  expect(await told({ guards: [guard(40, "No.")] })).toEqual(["admit refused 40"]);
  const load = (ms: number) => ({ load: (_: unknown, services: RouterServices) => later(services, ms, 1) });
  expect(await told(load(60) as Declaration)).toEqual(["admit ok 60", "run ok 5"]);
  const broken = {
    load: (_: unknown, services: RouterServices) => later(services, 60, 1).then(() => Promise.reject(no)),
  };
  const { told: failed, failures } = await stagesOf(() => "x", broken);
  expect([failed, failures]).toEqual([["admit failed 60"], [no]]);
});

it("gives a handler what it loads, without a cooldown and with guards that answer at once or later", async () => {
  for (const guards of [[], [() => undefined], [() => Promise.resolve(undefined)]]) {
    const got: unknown[] = [];
    const go = command({
      name: "go",
      description: "x",
      guards: guards,
      load: async () => "loaded",
      run: (_interaction, _services, loaded) => String(got.push(loaded)),
    });
    await createTimedBot([go]).ask(slash("go"));
    expect(got).toEqual(["loaded"]);
  }
});

it("tells of a duplicate, which does not run", async () => {
  const { told, answer } = await stagesOf(() => "x", { once: true }, 2);
  expect(told).toEqual(["admit ok 0", "run ok 0", "admit duplicate 0"]);
  expect(answer).toMatchObject({ data: { content: "x" } });
});

it("tells of an answer that came after the deferral, from the interaction on", async () => {
  const { told, answer } = await stagesOf((services) => later(services, 3_000, "x"));
  expect([answer, told]).toEqual([{ type: 5 }, ["run ok 3000", "late deferred 3000"]]);
  const failed = await stagesOf((services) => later(services, 3_000, undefined));
  expect(failed.told).toEqual(["run ok 3000", "late failed 3000"]);
});

it("gives up on a handler 25 seconds after its deferral, and says so in place of its answer", async () => {
  const { failures } = await stagesOf((services) => later(services, 26_999, "x"));
  expect(failures).toEqual([]);
  const late = await stagesOf((services) => later(services, 27_001, "x"));
  expect(late.failures.map(String)).toEqual(["Error: The handler ran out of time."]);
});

it("tells of each work after the answer, from its own begin on", async () => {
  const { told, failures } = await stagesOf((services, interaction) => {
    interaction.after(() => later(services, 200, 1));
    interaction.after(() => later(services, 300, 1).then(() => Promise.reject(no)));
    interaction.after(() => later(services, 400, 1));
    return "x";
  });
  expect([told, failures]).toEqual([["run ok 0", "after ok 200", "after failed 300", "after ok 400"], [no]]);
});

it("stays alive until the first answer is kept, and not for one that is not kept", async () => {
  const keeping = Promise.withResolvers<void>();
  const store = { claim: async () => ({ state: "first" }) as const, keep: () => keeping.promise };
  for (const once of [true, false]) {
    const go = command({ name: "go", description: "x", once, run: () => "x" });
    const bot = createTimedBot([go], { answers: () => store });
    const { answer } = await bot.ask(slash("go"));
    expect([answer, bot.works.length]).toMatchObject([{ data: { content: "x" } }, once ? 1 : 0]);
  }
});
