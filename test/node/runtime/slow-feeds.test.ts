import { expect, it, vi } from "vitest";
import { features } from "../../../src/bot/features.ts";
import { feature } from "../../../src/bot/kit.ts";
import type { Feed } from "../../../src/runtime/index.ts";
import { busOf, jobsOf, minute, openWorld, received, refused, remindAll, second } from "./support.ts";

// Deliveries of a feed whose handler never ends, such as one that waits for a system without a limit.

it.each([1, 2, "fresh"] as const)(
  "make no reminder later than 30 s, and are given up themselves, with %s isolates",
  { timeout: 30_000 },
  async (isolates) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const letters: Feed = {
      channels: "mail.*",
      open({ pubsub }) {
        const group = pubsub.group("mail");
        group.subscribe("mail.*", () => new Promise<void>(() => {}));
        return group;
      },
    };
    const mail = feature({ name: "mail", feeds: { mail: letters } });
    const world = await openWorld({ features: [...features, mail], isolates });
    await world.pass(90 * second);
    const start = (Math.floor(world.clock.now() / minute) + 1) * minute;
    // As many channels as are handled side by side.
    for (let count = 0; count < 4; count++) await busOf(world).publish(`mail.${count}`, "x", {});
    await jobsOf(world).wake("mail", start);
    const dueAts = Array.from({ length: 60 }, (_, index) => start + 5 * second + index * 7 * second);
    await remindAll(world, dueAts);
    await world.pass(12 * minute);
    const lates = received(world).map(({ at }, index) => at - (dueAts[index] ?? 0));
    expect(lates).toHaveLength(60);
    expect(Math.max(...lates)).toBeLessThanOrEqual(30 * second);
    expect(await world.redisCommand("XLEN", "sp:bd:main:mail")).toBe(4);
    expect(refused(world)).toBe(0);
  },
);
