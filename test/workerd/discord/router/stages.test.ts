import { expect, it } from "vitest";
import { createKit, type Done, type Guard, type RouterServices, type Stage } from "../../../../src/discord/index.ts";
import { click, slash, slashWith, submission } from "../../../support/payloads.ts";
import { createMapAnswerStore } from "../stores/map-stores.ts";
import { createTimedBot } from "./support.ts";

// What a log is told of an interaction: its stages, how each ended, and how long it took.

const { command, component, modal } = createKit<RouterServices>();
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

it("tells once of each interaction: its handler, how it ended, and when it was answered and done", async () => {
  const told: Done[] = [];
  const kept = new Map();
  const option = { type: "string", name: "word", description: "x" } as const;
  const button = component({ id: "b/:n<int>", run: () => "x" });
  const form = modal({ id: "f", title: "F", fields: { a: { type: "text", label: "A" } }, run: () => "x" });
  const declared = (name: string, run: (services: RouterServices) => unknown, more: Declaration = {}) =>
    command({ name, description: "x", ...more, run: ((_: never, services: RouterServices) => run(services)) as never });
  const typed = (name: string, run: (services: RouterServices) => Promise<string[]>) =>
    command({
      name,
      description: "x",
      options: [{ ...option, autocomplete: (_typed, _interaction, services) => run(services) }],
      run: () => "x",
    });
  const bot = createTimedBot(
    [
      declared("fine", () => "x", { once: true }),
      declared("slow", (services) => later(services, 3_000, "x")),
      declared("soon", (services) => later(services, 500, "x")),
      declared("stuck", () => new Promise(() => {})),
      declared("broken", () => Promise.reject(no)),
      declared("closed", () => "x", { guards: [() => "No."] }),
      command({ name: "strict", description: "x", options: [{ ...option, required: true }], run: () => "x" }),
      typed("find", (services) => later(services, 40, ["a"])),
      typed("lost", (services) => later(services, 40, []).then(() => Promise.reject(no))),
      button,
      form,
    ],
    { onDone: (done) => void told.push(done), answers: () => createMapAnswerStore(kept) },
  );
  const shown = async (payload: object) => {
    told.length = 0;
    await bot.ask(payload);
    for (const ms of [1_000, 1_000, 1_000, 24_000, 3_000]) {
      await bot.clock.advance(ms);
      await new Promise((resolve) => void setTimeout(resolve, 0));
    }
    return told.map(({ handler, kind, outcome, answerMs, ms }) => `${handler} ${kind} ${outcome} ${answerMs} ${ms}`);
  };
  const typing = (name: string) => ({
    ...slashWith(name, [{ name: "word", type: 3, value: "a", focused: true }]),
    type: 4,
  });
  const twice = slash("fine");
  expect(await shown(twice)).toEqual(["/fine command ok 0 0"]);
  expect(await shown(twice)).toEqual(["/fine command duplicate 0 0"]);
  expect(await shown(slash("slow"))).toEqual(["/slow command ok 2000 3000"]);
  expect(await shown(slash("soon"))).toEqual(["/soon command ok 500 500"]);
  expect(await shown(slash("stuck"))).toEqual(["/stuck command failed 2000 27000"]);
  expect(await shown(slash("broken"))).toEqual(["/broken command failed 0 0"]);
  expect(await shown(slash("closed"))).toEqual(["/closed command refused 0 0"]);
  expect(await shown(slash("strict"))).toEqual(["/strict command refused 0 0"]);
  expect(await shown(slash("gone"))).toEqual(["unknown command refused 0 0"]);
  expect(await shown(click("b/7"))).toEqual(["b/:n<int> component ok 0 0"]);
  expect(await shown(click("gone"))).toEqual(["unknown component refused 0 0"]);
  expect(await shown(submission("f", [{ type: 4, custom_id: "a", value: "x" }]))).toEqual(["f modal ok 0 0"]);
  expect(await shown(submission("gone", []))).toEqual(["unknown modal refused 0 0"]);
  expect(await shown(typing("find"))).toEqual(["/find autocomplete ok 40 40"]);
  expect(await shown(typing("lost"))).toEqual(["/lost autocomplete failed 40 40"]);
  expect(await shown(typing("gone"))).toEqual(["unknown autocomplete ok 0 0"]);
});

it("leaves no failure unhandled that no answer waits for: of a duplicate's guard, and of loading for a refused use", async () => {
  const reject = () => Promise.reject(no);
  const kept = new Map();
  const twice = command({
    name: "twice",
    description: "x",
    once: true,
    guards: [reject],
    load: reject,
    run: () => "x",
  });
  const closed = command({
    name: "closed",
    description: "x",
    guards: [() => Promise.resolve("Closed.")],
    load: reject,
    run: () => "x",
  });
  const bot = createTimedBot([twice, closed], { answers: () => createMapAnswerStore(kept) });
  const payload = slash("twice");
  const [first, second] = [await bot.ask(payload), await bot.ask(payload)];
  expect(second.answer).toEqual(first.answer);
  expect(bot.failures).toEqual([no]);
  expect((await bot.ask(slash("closed"))).answer).toMatchObject({ data: { content: "Closed." } });
});

it("loads nothing for a handler that runs once and that a guard refuses at once", async () => {
  let loads = 0;
  const closed = command({
    name: "closed",
    description: "x",
    once: true,
    guards: [() => "Closed."],
    load: async () => (loads += 1),
    run: () => "x",
  });
  const bot = createTimedBot([closed], { answers: () => createMapAnswerStore(new Map()) });
  expect((await bot.ask(slash("closed"))).answer).toMatchObject({ data: { content: "Closed." } });
  expect(loads).toBe(0);
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
