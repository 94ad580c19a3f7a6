import { expect, it } from "vitest";
import { attempt, discard } from "../../../../local/dev/attempt.ts";
import type { ReadCommands } from "../../../../local/dev/commands.ts";
import { type Mistake, titles } from "../../../../local/dev/mistake.ts";
import type { Built } from "../../../../local/dev/worker-host.ts";
import { settle } from "../../../support/clock.ts";

const commands = [{ type: 1, name: "ping" }];
const mistake = (title: string): Mistake => ({ title, text: "Early." });
const [ofBuild, ofStart, ofCommands] = [titles.build, titles.start, titles.commands].map(mistake) as [
  Mistake,
  Mistake,
  Mistake,
];

/** An attempt whose build and reading the test ends. */
function start() {
  const building = Promise.withResolvers<Built>();
  const reading = Promise.withResolvers<ReadCommands>();
  let found: unknown;
  void attempt(building.promise, reading.promise).then((one) => (found = one));
  const disposed: string[] = [];
  return {
    worker: { url: "http://one", dispose: () => void disposed.push("one") },
    disposed,
    async build(built: Built) {
      building.resolve(built);
      await settle();
      return found;
    },
    async read(read: ReadCommands) {
      reading.resolve(read);
      await settle();
      return found;
    },
  };
}

it("gives the Worker with its commands once both are there", async () => {
  const { build, read, worker, disposed } = start();
  expect(await build({ worker })).toBeUndefined();
  expect(await read({ commands })).toEqual({ worker, commands });
  expect(disposed).toEqual([]);
});

it("does not wait for the reading of files that cannot be built", async () => {
  const { build, read } = start();
  expect(await build({ mistake: ofBuild })).toEqual({ mistake: ofBuild });
  expect(await read({ mistake: ofCommands, isOfCode: true })).toEqual({ mistake: ofBuild });
});

it("waits for the reading of code that does not start, which says more", async () => {
  const { build, read } = start();
  expect(await build({ mistake: ofStart })).toBeUndefined();
  expect(await read({ mistake: ofCommands, isOfCode: true })).toMatchObject({ mistake: ofCommands });
});

it("keeps the build's word where the reading has none", async () => {
  for (const reading of [{ commands }, { mistake: ofCommands, isOfCode: false }]) {
    const { build, read } = start();
    await build({ mistake: ofStart });
    expect(await read(reading)).toEqual({ mistake: ofStart });
  }
});

it("does not wait for the build of code that fails when it runs, and discards what it gives", async () => {
  const { build, read, worker, disposed } = start();
  expect(await read({ mistake: ofCommands, isOfCode: true })).toMatchObject({ mistake: ofCommands });
  expect(disposed).toEqual([]);
  await build({ worker });
  expect(disposed).toEqual(["one"]);
});

it("waits for the build where files cannot be read, and takes the reading's word if it has none", async () => {
  const { build, read, worker, disposed } = start();
  expect(await read({ mistake: ofCommands, isOfCode: false })).toBeUndefined();
  expect(await build({ worker })).toMatchObject({ mistake: ofCommands });
  expect(disposed).toEqual(["one"]);
});

it("discards a Worker, and nothing where there is none", () => {
  const { worker, disposed } = start();
  discard({ mistake: ofBuild });
  expect(disposed).toEqual([]);
  discard({ worker });
  expect(disposed).toEqual(["one"]);
});
