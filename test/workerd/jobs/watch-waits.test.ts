import { expect, it } from "vitest";
import { settle } from "../../support/clock.ts";
import { at, logOf, never, openWatch } from "./watch-support.ts";

// What a watch waits for besides the times of jobs: runs that end, requests that other work holds, and more to watch.

it("settles what has ended by its time, and with a claim that comes first or at once", async () => {
  for (const [settleAt, expected] of [
    [4_999, ["settle 4999", "claim 5000"]],
    [5_000, ["claim 5000", "settle 5000"]],
    [7_000, ["claim 5000", "settle 7000"]],
  ] as const) {
    const due = { settleAt: at(settleAt) };
    const asked: number[] = [];
    const world = openWatch({
      runs: {
        settleAt: (claimAt) => (asked.push(claimAt), due.settleAt),
        settle() {
          world.log.push(`settle ${world.clock.now() - at(0)}`);
          due.settleAt = never;
        },
      },
    });
    const watching = world.watch({ dueAt: at(5_000), until: at(60_000) });
    await settle();
    await world.pass(60_000);
    expect([watching.isOver, world.log, asked[0]]).toEqual([true, expected, at(5_000)]);
  }
});

it("goes on while something runs, and ends when it has ended", async () => {
  const runs = { isBusy: true };
  const world = openWatch({ runs: { isBusy: () => runs.isBusy } });
  const watching = world.watch({ dueAt: at(0), until: at(10_000) });
  await settle();
  await world.pass(100_000);
  expect([watching.isOver, world.log]).toEqual([false, ["claim 0"]]);
  // It ends, and is due again when no more is claimed.
  runs.isBusy = false;
  world.end(at(100_000));
  await settle();
  expect([watching.isOver, world.log]).toEqual([true, ["claim 0"]]);
});

it("claims what comes again from a run that has ended, and nothing for one that does not", async () => {
  const runs = { isBusy: true };
  const world = openWatch({ runs: { isBusy: () => runs.isBusy } });
  const watching = world.watch({ dueAt: at(0), until: at(10_000) });
  await settle();
  world.end();
  await world.pass(1_000);
  world.end(at(5_000));
  await settle();
  await world.pass(5_000);
  runs.isBusy = false;
  world.end();
  await settle();
  expect([watching.isOver, world.log]).toEqual([true, ["claim 0", "claim 5000"]]);
});

it("watches for more, until later, as soon as it is told to", async () => {
  const world = openWatch();
  const first = world.watch({ looks: [at(30_000)], until: at(30_000) });
  await settle();
  await world.pass(1_000);
  const second = world.watch({ dueAt: at(2_000), until: at(1_500) });
  world.watch({ dueAt: at(40_000), until: at(40_000) });
  world.watch({ looks: [at(20_000)], until: at(0) });
  await settle();
  await world.pass(60_000);
  expect([first.isOver, second.isOver, world.log]).toEqual([
    true,
    true,
    ["claim 2000", "look 20000", "look 30000", "claim 40000"],
  ]);
});

it("watches anew after it has ended", async () => {
  const world = openWatch();
  for (const dueAt of [1_000, 2_000]) {
    const watching = world.watch({ dueAt: at(dueAt), until: at(dueAt) });
    await settle();
    await world.pass(1_000);
    expect(watching.isOver).toBe(true);
  }
  expect(world.log).toEqual(["claim 1000", "claim 2000"]);
});

it("looks every second for requests that other work holds, while something is due by its end", async () => {
  for (const options of [{ dueAt: at(500) }, { looks: [at(500)] }]) {
    const work = { held: 1, room: 0 };
    const world = openWatch({ held: () => work.held, runs: { room: () => work.room } });
    const watching = world.watch({ ...options, until: at(500) });
    await settle();
    await world.pass(2_500);
    expect([watching.isOver, world.log]).toEqual([false, []]);
    work.room = 1;
    await world.pass(499);
    expect(world.log).toEqual([]);
    await world.pass(1);
    expect([watching.isOver, world.log]).toEqual([true, ["dueAt" in options ? "claim 3000" : "look 3000"]]);
  }
});

it("ends where there are no requests, none are held, or nothing is due that they would be for", async () => {
  const runs = { room: () => 0 };
  expect(await logOf({ dueAt: at(0), until: at(9) }, { runs })).toEqual([]);
  expect(await logOf({ dueAt: at(10), until: at(9) }, { runs, held: () => 5 })).toEqual([]);
});
