import { expect, it, onTestFinished } from "vitest";
import { createWorld, type World, type WorldOptions } from "../../../local/kit/world.ts";

// Live streams of the whole Worker, whose platform refuses the request after the last one that an invocation may send.

const adminToken = "a-token-of-at-least-24-characters";
const authorised = { Authorization: `Bearer ${adminToken}` };
const path = "/admin/api/events";

async function createQuietWorld(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({ env: { ADMIN_TOKEN: adminToken }, ...options });
  onTestFinished(() => world.close());
  // Only requests count here.
  world.setCron(false);
  return world;
}

/** A browser's `EventSource`: comes back with `Last-Event-ID` when a response ends. Notes what it got, and when responses ended. */
function createClient(world: World, after?: string) {
  const client = { got: [] as unknown[], gaps: 0, lastId: after, livesMs: [] as number[] };
  let retryMs = 3_000;

  function take(block: string): void {
    const fields = new Map(
      block.split("\n").map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(": ") + 2)]),
    );
    client.lastId = fields.get("id") ?? client.lastId;
    retryMs = Number(fields.get("retry") ?? retryMs);
    if (fields.get("event") === "gap") client.gaps += 1;
    else if (fields.has("event")) throw new Error(block);
    else if (fields.has("data")) client.got.push(JSON.parse(fields.get("data") ?? "").data);
  }

  async function watch(): Promise<void> {
    for (;;) {
      const headers = { ...authorised, ...(client.lastId !== undefined && { "Last-Event-ID": client.lastId }) };
      const response = await world.fetch(`${path}?channel=news`, { headers });
      expect(response.status).toBe(200);
      const beganAt = world.clock.now();
      let text = "";
      for await (const part of response.body ?? []) {
        text += new TextDecoder().decode(part);
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) take(block);
      }
      client.livesMs.push(world.clock.now() - beganAt);
      await world.clock.sleep(retryMs);
    }
  }

  return { client, watching: watch() };
}

const publish = async (world: World, data: unknown): Promise<void> => {
  const response = await world.fetch(`${path}/news`, {
    method: "POST",
    headers: authorised,
    body: JSON.stringify(data),
  });
  expect(response.status).toBe(202);
};

const refusedIn = (world: World) => world.invocations.reduce((sum, { refused }) => sum + refused, 0);

it("ends each response within the requests of a free plan, and loses nothing and repeats nothing over all of them", {
  timeout: 60_000,
}, async () => {
  const world = await createQuietWorld();
  const { client } = createClient(world);
  await world.pass(1_000);
  for (let count = 0; count < 300; count++) {
    await publish(world, count);
    await world.pass(700);
  }
  await world.pass(10_000);
  expect(client.got).toEqual(Array.from({ length: 300 }, (_, count) => count));
  expect([refusedIn(world), client.gaps]).toEqual([0, 0]);
  expect(client.livesMs.length).toBeGreaterThan(3);
  for (const ms of client.livesMs) expect(ms).toBeGreaterThan(15_000);
});

it("lives for two minutes while nothing comes, on the free plan too", { timeout: 60_000 }, async () => {
  const world = await createQuietWorld();
  const { client } = createClient(world);
  await world.pass(10 * 60_000);
  expect(refusedIn(world)).toBe(0);
  expect(client.livesMs).toHaveLength(4);
  for (const ms of client.livesMs) expect(ms).toBe(120_000);
});

it("lives for two minutes of a busy bus where an invocation may send 1,000 requests", { timeout: 60_000 }, async () => {
  const world = await createQuietWorld({ subrequests: 1_000 });
  const { client } = createClient(world);
  await world.pass(1_000);
  for (let count = 0; count < 180; count++) {
    await publish(world, count);
    await world.pass(700);
  }
  await world.pass(10_000);
  expect(client.got).toEqual(Array.from({ length: 180 }, (_, count) => count));
  expect([refusedIn(world), client.livesMs]).toEqual([0, [120_000]]);
});

it("comes to the end of a long bus over several responses, though no message on it is for the client", {
  timeout: 60_000,
}, async () => {
  const world = await createQuietWorld();
  await publish(world, "first");
  const { client: first } = createClient(world);
  await world.pass(1_000);
  // More pages than one invocation may read.
  await world.redisCommand(
    "EVAL",
    "for i = 1, 6000 do redis.call('XADD', KEYS[1], '*', 'c', 'else', 'i', i, 't', 'm', 'd', '0', 's', 'x') end",
    1,
    "sp:b:main",
  );
  await publish(world, "last");
  const { client } = createClient(world, first.lastId);
  await world.pass(60_000);
  expect(client.got).toEqual(["last"]);
  expect(refusedIn(world)).toBe(0);
});

it("costs as much an hour as its documentation says while nothing comes", { timeout: 60_000 }, async () => {
  const world = await createQuietWorld();
  const { client } = createClient(world);
  await world.pass(120_000);
  world.redis.resetCounters();
  await world.pass(3_600_000);
  const { commands } = world.redis.counters();
  expect(client.livesMs.length).toBeGreaterThan(25);
  expect(commands).toBeGreaterThan(600);
  expect(commands).toBeLessThan(750);
});
