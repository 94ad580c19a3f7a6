import { expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { minute, openWorld, received, remindAll, second } from "./support.ts";

// Ticks that another system asks for by POST /admin/api/tick, on a platform without cron.

const adminToken = "an-admin-token-of-24-characters";

async function openWithoutCron(): Promise<World> {
  const world = await openWorld({ env: { ADMIN_TOKEN: adminToken } });
  world.setCron(false);
  return world;
}

const ask = (world: World, query = ""): Promise<Response> =>
  world.fetch(`/admin/api/tick${query}`, { method: "POST", headers: { Authorization: `Bearer ${adminToken}` } });

it("runs what is due, leaves the rest, and answers within a second with what it did", async () => {
  const world = await openWithoutCron();
  const begin = world.clock.now();
  await remindAll(world, [begin - second, begin - 2 * second, begin + 5 * second]);
  const response = await world.run(ask(world));
  expect(world.clock.now() - begin).toBeLessThan(second);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { ok: true, jobs: { done: 2 }, duties: { failed: 0 } },
  ]);
  expect(received(world)).toHaveLength(2);
  expect(await (await world.fetch("/health")).json()).toMatchObject({ tickedAt: begin });
});

it("runs jobs on time for as long as it is asked to, and answers then", async () => {
  const world = await openWithoutCron();
  const begin = world.clock.now();
  const dueAts = [3, 20, 33, 48].map((after) => begin + after * second);
  await remindAll(world, [...dueAts, begin + 70 * second]);
  const response = await world.run(ask(world, "?seconds=50"));
  expect(await response.json()).toMatchObject({ ok: true, jobs: { done: 4 } });
  expect(world.clock.now() - begin).toBeLessThan(52 * second);
  const lates = received(world).map(({ at }, index) => at - (dueAts[index] ?? 0));
  expect(lates).toHaveLength(4);
  for (const late of lates) expect(late).toBeLessThanOrEqual(2 * second);
});

it("answers 202 at once with wait=no, and works behind the answer", async () => {
  const world = await openWithoutCron();
  const begin = world.clock.now();
  await remindAll(world, [begin + 5 * second]);
  const response = await world.run(ask(world, "?seconds=20&wait=no"));
  expect([response.status, world.clock.now() - begin]).toEqual([202, 0]);
  await world.pass(10 * second);
  expect(received(world)).toHaveLength(1);
});

it("shows each reminder once when several ticks are asked for at a time, beside the platform's", async () => {
  const world = await openWithoutCron();
  world.setCron(true);
  const begin = world.clock.now();
  await remindAll(
    world,
    Array.from({ length: 12 }, (_, index) => begin + index * 4 * second),
  );
  await world.run(
    Promise.all(["", "?seconds=50", "?seconds=50", "?seconds=120", ""].map((query) => ask(world, query))),
  );
  await world.pass(minute);
  expect(new Set(received(world).map(({ text }) => text)).size).toBe(12);
  expect(received(world)).toHaveLength(12);
});

it("answers 503 while Redis does not answer", async () => {
  const world = await openWithoutCron();
  await world.breakRedis({ at: "before", do: "drop" });
  const response = await world.run(ask(world));
  expect([response.status, await response.json()]).toMatchObject([503, { ok: false }]);
});

it("needs the admin token", async () => {
  const world = await openWithoutCron();
  const response = await world.run(world.fetch("/admin/api/tick", { method: "POST" }));
  expect(response.status).toBe(401);
});
