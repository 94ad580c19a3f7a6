import { expect, it, onTestFinished, vi } from "vitest";
import { createWorld } from "../../../local/kit/world.ts";

// The bus of the whole Worker over days: it ends when nothing is published, and begins anew.

const adminToken = "a-token-of-at-least-24-characters";
const hour = 3_600_000;
const grace = { user: "grace.h" };

it("brings the leader's order to every isolate that was there, also one that had not read the bus yet", async () => {
  const world = await createWorld({ isolates: 2, env: { ADMIN_TOKEN: adminToken, LOG_LEVEL: "info" } });
  onTestFinished(() => world.close());
  const use = async () => {
    for (const user of ["grace.h", "robin"]) await world.run(world.discord.command("/session list", { user }));
  };
  const log = vi.spyOn(console, "info").mockImplementation(() => {});
  // Isolates that keep nothing in L1 do not read the bus in their first minute.
  for (let seconds = 0; seconds < 20; seconds += 10) {
    await use();
    await world.pass(10_000);
  }
  await world.run(world.discord.command("/broadcast order:note note:hello"));
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await world.pass(10_000);
    await use();
  }
  const heard = log.mock.calls.filter(([line]) => String(line).includes('"note":"hello"'));
  expect(heard).toHaveLength(2);
});

it("ends after a day without a message, and what is published then arrives as before, from keys that all have a life", {
  timeout: 60_000,
}, async () => {
  const world = await createWorld({ isolates: 2, env: { ADMIN_TOKEN: adminToken } });
  onTestFinished(() => world.close());
  const { discord } = world;
  const posts = () => discord.visibleMessages().map(({ content }) => content);
  const publish = async (text: string) => {
    const response = await world.run(
      world.fetch("/admin/api/events/feed.ci.releases", {
        method: "POST",
        headers: { Authorization: `Bearer ${adminToken}`, "Idempotency-Key": text },
        body: JSON.stringify({ content: text }),
      }),
    );
    expect(response.status).toBe(202);
    await world.pass(60_000);
  };
  const livesOfBus = async () => {
    const keys = ((await world.redisCommand("KEYS", "sp:b*")) as string[]).toSorted();
    const lives = await Promise.all(keys.map((key) => world.redisCommand("PTTL", key)));
    return keys.map((key, index) => [key, Number(lives[index]) > 0]);
  };

  await world.run(discord.command("/feed follow topic:ci.releases", grace));
  await world.run(discord.command("/broadcast order:note note:hello", grace));
  await publish("1.0");
  expect(await livesOfBus()).toEqual([
    ["sp:b:main", true],
    ["sp:bi:main:feed.ci.releases 1.0", true],
  ]);

  world.setCron(false);
  await world.pass(27 * hour);
  world.setCron(true);
  expect(await livesOfBus()).toEqual([]);

  await publish("2.0");
  await publish("2.1");
  expect(posts().filter((text) => /\d\.\d/.test(text))).toEqual([
    expect.stringContaining("1.0"),
    expect.stringContaining("2.0"),
    expect.stringContaining("2.1"),
  ]);
  expect(await livesOfBus()).toEqual([
    ["sp:b:main", true],
    ["sp:bi:main:feed.ci.releases 2.0", true],
    ["sp:bi:main:feed.ci.releases 2.1", true],
  ]);
  expect(world.invocations.filter(({ refused }) => refused > 0)).toEqual([]);
});
