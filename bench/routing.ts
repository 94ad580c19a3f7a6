import { createKit, createRouter, type Declared, type RouterServices } from "../src/discord/index.ts";
import { systemClock } from "../src/platform/index.ts";
import { median, print } from "./statistics.ts";

const { command, component } = createKit<RouterServices>();
const rounds = 31;
const callsPerRound = 2_000;

/** Commands of up to a hundred names; beyond, subcommands, as Discord takes no more. */
function declare(count: number): Declared<RouterServices>[] {
  const commands = Array.from({ length: Math.min(count, 100) }, (_, index) =>
    command({ name: `command-${index}` as "command", description: "x", run: () => "x" }),
  );
  const kit = createKit<RouterServices>();
  const subcommands = Object.fromEntries(
    Array.from({ length: Math.max(0, count - 100) }, (_, index) => [
      `sub-${index}`,
      kit.subcommand({ description: "x", run: () => "x" }),
    ]),
  );
  const names = Object.keys(subcommands);
  const trees = Array.from({ length: Math.ceil(names.length / 25) }, (_, index) =>
    kit.commandTree({
      name: `tree-${index}` as "tree",
      description: "x",
      subcommands: Object.fromEntries(
        names
          .slice(index * 25, index * 25 + 25)
          .map((name) => [name, subcommands[name] ?? kit.subcommand({ description: "x", run: () => "x" })]),
      ),
    }),
  );
  const components = Array.from({ length: count }, (_, index) =>
    component({ id: `button-${index}/:n<int>/:who<id>` as "b/:n<int>/:who<id>", run: () => "x" }),
  );
  return [...commands.slice(0, 100 - trees.length), ...trees, ...components];
}

const envelope = {
  id: "1200000000000000001",
  application_id: "1100000000000000001",
  token: "x",
  member: { user: { id: "1100000000000000011", username: "ada" }, permissions: "0" },
};
const call = { ...envelope, type: 2, data: { id: "1", name: "command-3", type: 1 } };
const click = (index: number) => ({
  ...envelope,
  type: 3,
  data: { custom_id: `button-${index}/7/1100000000000000011`, component_type: 2 },
  message: { id: "1" },
});

/** Finding and running one handler among 5 commands and 5 patterns, and among 500 of each. */
export function benchRouting(): void {
  const services = { clock: systemClock, waitUntil: () => {}, discord: undefined as never } satisfies RouterServices;
  const routers = [5, 500].map((count) => createRouter<RouterServices>({ handlers: declare(count), onError: String }));
  const times: number[][] = [[], []];
  for (let round = -5; round < rounds; round++) {
    for (const [index, router] of routers.entries()) {
      const last = click(index === 0 ? 4 : 499);
      const startedAt = performance.now();
      for (let calls = 0; calls < callsPerRound; calls++) {
        void router(call as never, services);
        void router(last as never, services);
      }
      if (round >= 0) times[index]?.push(((performance.now() - startedAt) / callsPerRound / 2) * 1_000);
    }
  }
  const [few = 0, many = 0] = times.map(median);
  print(
    `routing a command and a click: ${few.toFixed(2)} µs among 5 + 5, ${many.toFixed(2)} µs among 500 + 500, ratio ${(many / few).toFixed(2)} (goal: no growth to be measured)`,
  );
}
