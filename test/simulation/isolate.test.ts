import { expect, it } from "vitest";
import { createDiscord } from "./discord.ts";
import { createIsolate } from "./isolate.ts";
import { calm, createFetch } from "./network.ts";
import { createRandom } from "./random.ts";
import { createLua } from "./redis/lua.ts";
import { createServer } from "./redis/server.ts";
import { beginning, createWorld } from "./world.ts";

// A simulated isolate: what was under way in it ends with its life.

function setUp() {
  const world = createWorld();
  const isolate = createIsolate({ world, name: "iso-1", random: () => 0, skewMs: 0, drift: 0 });
  const network = { world, server: createServer(createLua()), random: createRandom(1), isCutOff: () => false };
  const faults = () => ({ ...calm, delayReply: 1, slowestMs: 500 });
  return {
    world,
    isolate,
    ask: () => createFetch({ ...network, faults }, isolate)("http://redis", { body: '[["PING"]]' }),
    post: () => createDiscord(world, createRandom(1), () => 0).post(isolate, "1", "tea"),
  };
}

it("gets no answer to what was sent before it died, though it is made anew by then", async () => {
  const { world, isolate, ask, post } = setUp();
  const answered: string[] = [];
  const begin = (life: string) => {
    void isolate.clock.sleep(900).then(() => answered.push(`${life} slept`));
    void ask().then(() => answered.push(`${life} asked`));
    void post().then(() => answered.push(`${life} posted`));
  };
  begin("first");
  isolate.die(1, () => begin("second"));
  await world.runUntil(beginning + 5_000);
  expect(answered.toSorted()).toEqual(["second asked", "second posted", "second slept"]);
});

it("is made anew once, where it dies twice before that", async () => {
  const { world, isolate } = setUp();
  const restarts: number[] = [];
  for (const ms of [100, 50]) isolate.die(ms, () => restarts.push(world.now() - beginning));
  await world.runUntil(beginning + 1_000);
  expect(restarts).toEqual([100]);
});
