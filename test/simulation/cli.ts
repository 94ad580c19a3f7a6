import { parseArgs } from "node:util";
import { describeFailure, replay, scenarios, simulate } from "./simulate.ts";
import { printTimeline } from "./world.ts";

// `npm run simulate -- --seeds 100000 [--scenario lease] [--from 1] [--for 60]` (seconds for each scenario), or `-- --scenario lease --seed 42` to see one run.

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    for: { type: "string", default: "Infinity" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    scenario: { type: "string" },
    variant: { type: "string" },
  },
});
const print = (line: string) => void process.stdout.write(`${line}\n`);
const wanted = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
if (wanted.length === 0) {
  print(`No scenario "${values.scenario}": there are ${scenarios.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 1;
}

for (const scenario of wanted) {
  const variant = scenario.variants.find(({ name }) => name === values.variant);
  if (values.seed !== undefined) {
    const outcome = await replay(scenario, Number(values.seed), variant);
    print(printTimeline(outcome.timeline));
    print(`${scenario.name}, seed ${values.seed}: ${JSON.stringify(outcome.figures)}`);
    for (const violation of outcome.violations) print(`  VIOLATION: ${violation}`);
    for (const exception of outcome.exceptions) print(`  by a failover's lost writes: ${exception}`);
    if (outcome.violations.length > 0) process.exitCode = 1;
    continue;
  }
  const { seeds, failures, excused, ms } = await simulate(scenario, {
    from: Number(values.from),
    seeds: Number(values.seeds),
    forMs: Number(values.for) * 1_000,
    failures: 3,
    ...(variant && { variant }),
    progress: (done) => done % 1_000 === 0 && print(`  ${scenario.name}: ${done} seeds`),
  });
  for (const failure of failures) print(describeFailure(failure));
  print(
    `${scenario.name}: ${seeds} seeds, ${failures.length} violated, ${excused} with what a failover lost, ${((seeds / ms) * 1_000).toFixed(0)} a second`,
  );
  if (failures.length > 0) process.exitCode = 1;
}
