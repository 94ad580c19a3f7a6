import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connectRedis } from "../../../../local/deployment/clients.ts";
import type { HealthReading } from "../../../../local/deployment/health.ts";
import { cron } from "../../../../local/doctor/cron.ts";
import { createFolder } from "../deployment/support.ts";
import { eventually, startServer, token } from "../redis/support.ts";
import { factsOf, healthOf } from "./support.ts";

function createCheckout(config = 'name = "x"\n[triggers]\ncrons = ["* * * * *"]\n'): string {
  const root = createFolder();
  writeFileSync(join(root, "wrangler.toml"), config);
  return root;
}

const run = (health: HealthReading | undefined, known: object = {}) =>
  cron.run(factsOf({ root: createCheckout(), ...(health && { health }), ...known }));

it.each(["", 'crons = ["*/5 * * * *"]\n', '# crons = ["* * * * *"]\n'])(
  "finds wrong a wrangler.toml without a cron of once a minute: %j",
  async (config) => {
    const root = createCheckout(config);
    expect(await cron.run(factsOf({ root }))).toMatchObject({
      is: "wrong",
      cure: expect.stringContaining("[triggers]"),
    });
  },
);

it.each(['crons=["* * * * *"]', 'crons = [ "* * * * *", "0 0 * * *" ]'])("takes %s for one", async (config) => {
  const finding = await cron.run(factsOf({ root: createCheckout(config) }));
  expect(finding).toMatchObject({ is: "unknown", text: expect.stringContaining("give --url") });
});

it.each<[number, string]>([
  [0, "right"],
  [74_999, "right"],
  [75_000, "unknown"],
])("takes a tick of %i ms ago for proof or not", async (agoMs, is) => {
  const finding = await run(healthOf({ now: 1_000_000, tickedAt: 1_000_000 - agoMs }));
  expect(finding.is).toBe(is);
  if (is === "right") expect(finding.text).toBe(`the last tick began ${Math.round(agoMs / 1_000)} s ago`);
  else expect(finding.text).toContain("without --wait 0");
});

it("reckons by this machine's clock where the Worker does not tell its own", async () => {
  expect(await run(healthOf({ tickedAt: Date.now() - 10_000 }))).toEqual({
    is: "right",
    text: "the last tick began 10 s ago",
  });
});

it.each([healthOf({ now: 5, tickedAt: null }), { is: "unreachable", reason: "" } as const])(
  "needs a wait where the Worker tells of no tick",
  async (health) => {
    expect(await run(health)).toMatchObject({ is: "unknown", text: expect.stringContaining("has not ticked") });
  },
);

async function startRedis() {
  const server = await startServer();
  const known = { redis: connectRedis(server.url, token), env: { KEY_PREFIX: "t:" } };
  const keys = async () => (await server.command("KEYS", "*")).result as string[];
  const due = async () => (await keys()).find((key) => key.startsWith("t:"));
  return { server, known, keys, due };
}

it("leaves a wake-up, and takes the tick that removes it for proof", async () => {
  const { server, known, due, keys } = await startRedis();
  const running = run(healthOf(), { ...known, waitMs: 8_000 });
  const key = await eventually(due);
  const [member] = (await server.command("ZRANGE", key, 0, -1)).result as string[];
  await server.command("ZREM", key, member);
  expect(await running).toMatchObject({
    is: "right",
    text: expect.stringMatching(/^a tick took up a wake-up after [0-3] s$/),
  });
  expect(await keys()).toEqual([]);
});

it("takes a claim for proof, and leaves it in place", async () => {
  const { server, known, due } = await startRedis();
  const running = run(healthOf(), { ...known, waitMs: 8_000 });
  const key = await eventually(due);
  const [member] = (await server.command("ZRANGE", key, 0, -1)).result as string[];
  await server.command("ZADD", key, Date.now() + 30_000, member);
  expect((await running).is).toBe("right");
  expect((await server.command("ZCARD", key)).result).toBe(1);
});

it("finds wrong that no tick comes, and takes the wake-up back", async () => {
  const { known, keys } = await startRedis();
  const startedAt = Date.now();
  expect(await run(healthOf(), { ...known, waitMs: 1_600 })).toMatchObject({
    is: "wrong",
    text: "no tick took up a wake-up within 2 s",
    cure: expect.stringMatching(/^a new trigger takes up to 15 minutes .*Cron Triggers/),
  });
  expect(Date.now() - startedAt).toBeGreaterThan(1_600);
  expect(await keys()).toEqual([]);
});
