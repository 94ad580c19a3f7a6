import { describe, expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import type { Fault } from "../../../local/redis/index.ts";
import { minute, openWorld, received, refused, second } from "./support.ts";

// Reminders through the whole Worker: on time while all is well, at most 30 s late when one thing goes wrong, and shown once.

/** Asks for a reminder. Returns when it is due. */
async function remind({ run, discord, clock }: World, seconds: number): Promise<number> {
  const dueAt = clock.now() + seconds * second;
  const { messages } = await run(discord.command(`/remind me about:tea in:${seconds}s`));
  expect(JSON.stringify(messages)).toContain("tea");
  return dueAt;
}

/** How late each reminder was, in seconds. */
const lateness = (world: World, ...dueAts: number[]): number[] =>
  received(world).map(({ at }, index) => (at - (dueAts[index] ?? 0)) / second);

/** The isolate that served the last request. */
const lastIsolate = ({ invocations }: World): number =>
  invocations.findLast(({ kind }) => kind === "fetch")?.isolate ?? 0;

const isInTime = (seconds: number): boolean => seconds >= 0 && seconds <= 2;
const isInBound = (seconds: number): boolean => seconds >= 0 && seconds <= 31;

describe("while all is well", () => {
  it.each([1, 2] as const)(
    "shows reminders on time while three people a second say /ping, on %i isolates",
    async (isolates) => {
      const world = await openWorld({ isolates });
      await world.pass(90 * second);
      const late = await remind(world, 40);
      const soon = await remind(world, 12);
      for (let count = 0; count < 130; count++) {
        await world.run(world.discord.command("/ping"));
        await world.pass(333);
      }
      const lates = lateness(world, soon, late);
      expect(lates).toHaveLength(2);
      expect(lates.filter(isInTime)).toHaveLength(2);
      expect(refused(world)).toBe(0);
    },
  );

  it("shows each of the reminders that are due between two looks on time, whenever they were asked for", async () => {
    const world = await openWorld();
    const dueAts: number[] = [];
    for (let count = 0; count < 24; count++) {
      await world.pass(7_400);
      dueAts.push(await remind(world, 1 + ((count * 13) % 47)));
    }
    await world.pass(minute);
    dueAts.sort((a, b) => a - b);
    const lates = lateness(world, ...dueAts);
    expect(lates).toHaveLength(24);
    expect(lates.filter(isInTime)).toHaveLength(24);
  });
});

describe("when one thing goes wrong", () => {
  it.each([0, 16, 29, 31, 46])(
    "shows a reminder at most 30 s late whose isolate died right after it was asked for, %i s after a tick",
    async (phase) => {
      const world = await openWorld({ isolates: 3 });
      await world.pass(2 * minute + phase * second);
      const dueAt = await remind(world, 12);
      world.kill(lastIsolate(world));
      await world.pass(minute);
      const lates = lateness(world, dueAt);
      expect(lates.filter(isInBound)).toHaveLength(1);
      expect(lates).toHaveLength(1);
    },
  );

  it.each([
    ["in the invocation that asked for it", 12],
    ["in a tick", 40],
  ])(
    "shows a reminder once, some seconds late, when Discord answers the first try %s with 500",
    async (_where, seconds) => {
      const world = await openWorld();
      await world.pass(95 * second);
      const dueAt = await remind(world, seconds);
      // One try sends its request four times.
      world.discord.setRestFault({ status: 500, times: 4, path: "/messages" });
      await world.pass(90 * second);
      expect(lateness(world, dueAt).map((seconds) => seconds > 4 && seconds < 15)).toEqual([true]);
    },
  );

  const requests: [string, Partial<Fault>][] = [
    ["the request that keeps the job", { match: "EVAL" }],
    ["a look", { match: "ZRANGE", skip: 1 }],
    ["the claim", { match: "EVAL", skip: 1 }],
    ["settling", { match: "EVAL", skip: 2 }],
    ["the heartbeat", { match: "HSETEX" }],
  ];
  const faults = requests.flatMap(([what, which]): [string, Fault][] => [
    [`${what} is lost`, { ...which, at: "before", do: "drop", times: 1 }],
    [`the reply to ${what} is lost`, { ...which, at: "after", do: "drop", times: 1 }],
  ]);

  it.each(faults.flatMap(([what, fault]) => [12, 40].map((seconds) => [what, seconds, fault] as const)))(
    "shows a reminder once, at most 30 s late, when %s (in:%is)",
    async (_what, seconds, fault) => {
      const world = await openWorld({ isolates: 2 });
      await world.pass(95 * second);
      await world.breakRedis(fault);
      const dueAt = await remind(world, seconds);
      await world.pass(100 * second);
      const lates = lateness(world, dueAt);
      expect(lates.filter(isInBound)).toHaveLength(1);
      expect(lates).toHaveLength(1);
      expect(await world.redisCommand("ZCARD", "sp:j:due")).toBe(0);
    },
  );
});
