import { expect, it, vi } from "vitest";
import { features } from "../../../src/bot/features.ts";
import { feature } from "../../../src/bot/kit.ts";
import { jobsOf, minute, openWorld, received, refused, remindAll, second } from "./support.ts";

// Jobs of a feature whose handler never ends, such as one that waits for a system without a limit.

it.each([1, 2, "fresh"] as const)(
  "make no reminder later than 30 s, nor have one given up, and are given up themselves, with %s isolates",
  { timeout: 30_000 },
  async (isolates) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const stuck = feature({ name: "stuck", jobs: { stuck: () => new Promise<void>(() => {}) } });
    const world = await openWorld({ features: [...features, stuck], isolates });
    await world.pass(90 * second);
    const start = (Math.floor(world.clock.now() / minute) + 1) * minute;
    // As many as run side by side.
    for (let count = 0; count < 6; count++) {
      await jobsOf(world).schedule({ kind: "stuck", owner: "1", dueAt: start + second });
    }
    const dueAts = Array.from({ length: 40 }, (_, index) => start + 5 * second + index * 7 * second);
    await remindAll(world, dueAts);
    await world.pass(10 * minute);
    const lates = received(world).map(({ at }, index) => at - (dueAts[index] ?? 0));
    expect(lates).toHaveLength(40);
    expect(Math.max(...lates)).toBeLessThanOrEqual(30 * second);
    expect((await jobsOf(world).dead("1")).map(({ reason }) => reason)).toEqual(
      Array(6).fill("8 tries began, but did not end"),
    );
    expect(await world.redisCommand("ZCARD", "sp:j:dead")).toBe(6);
    expect(refused(world)).toBe(0);
  },
);
