import { runCommand, UsageError } from "../../local/command-line.ts";
import type { Scenario, Variant } from "./scenario.ts";
import { describeFailure, replay, scenarios, simulate } from "./simulate.ts";
import { printTimeline } from "./world.ts";

const names = scenarios.map(({ name }) => name).join(", ");

const print = (line: string) => void process.stdout.write(`${line}\n`);

await runCommand({
  usage: `Usage: npm run simulate -- [options]

Runs the real code in simulated worlds, and prints each one in which a promise was broken.

Options:
  --scenario NAME   only this one of ${names}
  --variant NAME    a broken variant of that scenario, which has to be caught
  --seeds COUNT     how many worlds each scenario has at most     (default: 1000)
  --for SECONDS     how long each scenario runs at most           (default: until its seeds are done)
  --from SEED       the first seed                                (default: 1)
  --seed SEED       only this world, with all that happens in it
  -h, --help        print this help
`,
  options: {
    scenario: { type: "string" },
    variant: { type: "string" },
    seeds: { type: "string", default: "1000" },
    for: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
  },
  async run({ values }) {
    const wanted = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
    if (wanted.length === 0) throw new UsageError(`There is no scenario "${values.scenario}". There are ${names}.`);
    const variant = values.variant === undefined ? undefined : variantOf(wanted, values.variant);
    const options = {
      from: readNumber("--from", values.from),
      seeds: readNumber("--seeds", values.seeds),
      forMs: values.for === undefined ? Number.POSITIVE_INFINITY : readNumber("--for", values.for) * 1_000,
      failures: 3,
      ...(variant && { variant }),
    };
    const seed = values.seed === undefined ? undefined : readNumber("--seed", values.seed);
    let isKept = true;
    for (const scenario of wanted) {
      const run = seed === undefined ? runMany(scenario, options) : runOne(scenario, seed, variant);
      isKept = (await run) && isKept;
    }
    return isKept ? 0 : 1;
  },
});

/** Prints one world. Returns whether it kept all promises. */
async function runOne(scenario: Scenario, seed: number, variant?: Variant): Promise<boolean> {
  const { timeline, figures, violations, exceptions } = await replay(scenario, seed, variant);
  print(printTimeline(timeline));
  print(`${scenario.name}, seed ${seed}: ${JSON.stringify(figures)}`);
  for (const violation of violations) print(`  VIOLATION: ${violation}`);
  for (const exception of exceptions) print(`  by a failover's lost writes: ${exception}`);
  return violations.length === 0;
}

/** Runs many worlds and prints those that broke a promise. Returns whether none did. */
async function runMany(scenario: Scenario, options: Parameters<typeof simulate>[1]): Promise<boolean> {
  const { seeds, failures, excused, ms } = await simulate(scenario, {
    ...options,
    progress: (done) => done % 1_000 === 0 && print(`  ${scenario.name}: ${done} seeds`),
  });
  for (const failure of failures) print(describeFailure(failure));
  print(
    `${scenario.name}: ${seeds} seeds, ${failures.length} violated, ${excused} with what a failover lost, ${((seeds / ms) * 1_000).toFixed(0)} a second`,
  );
  return failures.length === 0;
}

function variantOf(wanted: readonly Scenario[], name: string): Variant {
  const [scenario, another] = wanted;
  if (!scenario || another) throw new UsageError("--variant takes a variant of one scenario: name it with --scenario.");
  const found = scenario.variants.find((variant) => variant.name === name);
  if (found) return found;
  const known = scenario.variants.map((variant) => variant.name).join(", ");
  throw new UsageError(`The scenario ${scenario.name} has no variant "${name}". It has ${known}.`);
}

function readNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a whole number, not "${text}".`);
}
