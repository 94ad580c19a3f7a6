import { Hono } from "hono";
import { expect, it } from "vitest";
import { eviction, month, region } from "../../../../local/doctor/redis-plan.ts";
import type { RedisConnection } from "../../../../src/redis/index.ts";
import { listen } from "../deployment/support.ts";
import { factsOf } from "./support.ts";

const database = { database_id: "db/1", endpoint: "eu1-example.upstash.io", primary_region: "eu-west-1" };

/** An account at Upstash with this database among others; its stats are of `database_id`. */
async function startUpstash(given: object = {}, stats: object = { total_monthly_requests: 1_000 }) {
  const app = new Hono();
  const basic = `Basic ${Buffer.from("ada@example.com:key").toString("base64")}`;
  app.use(async (c, next) => (c.req.header("Authorization") === basic ? next() : c.text("no", 401)));
  app.get("/v2/redis/databases", (c) =>
    c.json([
      { database_id: "other", endpoint: "eu1-other.upstash.io", region: "x" },
      { ...database, ...given },
    ]),
  );
  app.get("/v2/redis/stats/:id", (c) => (c.req.param("id") === "db/1" ? c.json(stats) : c.text("none", 404)));
  const url = await listen(app.fetch);
  return {
    UPSTASH_API_URL: url,
    UPSTASH_EMAIL: "ada@example.com",
    UPSTASH_API_KEY: "key",
    UPSTASH_REDIS_REST_URL: "https://eu1-example.upstash.io",
    UPSTASH_REDIS_REST_TOKEN: "token",
  };
}

it.each<[object, object]>([
  [{}, { is: "right", text: "eu-west-1" }],
  [{ read_regions: [] }, { is: "right", text: "eu-west-1" }],
  [
    { read_regions: ["us-east-1", "us-west-1"] },
    { is: "right", text: "eu-west-1, read in us-east-1, us-west-1: each write is billed once more for each of these" },
  ],
  [
    { primary_region: "", region: "eu-central-1" },
    { is: "right", text: "eu-central-1" },
  ],
  [{ primary_region: undefined }, { is: "unknown", text: expect.stringContaining("https://console.upstash.com") }],
  [{ endpoint: "elsewhere.upstash.io" }, { is: "unknown" }],
  [{ endpoint: "eu1-example.upstash.io:6379" }, { is: "right", text: "eu-west-1" }],
  [{ endpoint: "eu1-example" }, { is: "right", text: "eu-west-1" }],
  [{ endpoint: "eu1" }, { is: "unknown" }],
  [{ endpoint: "upstash" }, { is: "unknown" }],
])("tells the region of a database %j", async (given, finding) => {
  expect(await region.run(factsOf({ env: await startUpstash(given) }))).toMatchObject(finding);
});

it.each<[string, object, string]>([
  ["1,000 commands this month, 0 % of the free plan's", { total_monthly_requests: 1_000 }, "right"],
  ["447,499 commands this month, 89 % of the free plan's", { total_monthly_requests: 447_499 }, "right"],
  ["447,500 commands this month, 90 % of the free plan's", { total_monthly_requests: 447_500 }, "wrong"],
  ["1,000,000 commands this month, 200 % of the free plan's", { total_monthly_requests: 1_000_000 }, "wrong"],
  ["Upstash does not tell; https://console.upstash.com shows it", {}, "unknown"],
])("says %s", async (text, stats, is) => {
  const finding = await month.run(factsOf({ env: await startUpstash({}, stats) }));
  expect(finding).toMatchObject({ is, text });
  if (finding.is === "wrong") expect(finding.cure).toContain("docs/costs.md");
});

it.each<[string, string]>([
  ["free", "wrong"],
  ["payg", "right"],
  ["paid", "right"],
  ["pro", "right"],
])("asks how much is left of the month only where the plan limits it: %s", async (type, is) => {
  const env = await startUpstash({ type }, { total_monthly_requests: 6_000_000 });
  const finding = await month.run(factsOf({ env }));
  expect(finding.is).toBe(is);
  expect(finding.text).toBe(
    type === "free"
      ? "6,000,000 commands this month, 1200 % of the free plan's"
      : `6,000,000 commands this month; the plan, ${type}, does not limit them`,
  );
});

it("does not tell the month of another database", async () => {
  expect(await month.run(factsOf({ env: await startUpstash({ endpoint: "x.test" }) }))).toMatchObject({
    is: "unknown",
  });
});

it("says that Upstash refuses the account", async () => {
  const env = { ...(await startUpstash()), UPSTASH_API_KEY: "wrong" };
  await expect(region.run(factsOf({ env }))).rejects.toThrow("Upstash's developer API answered HTTP 401");
});

/** A Redis that answers `INFO memory`. */
const redisWith = (info: () => Promise<string>) =>
  ({
    commands: {
      exec: (command: string[]) => {
        expect(command).toEqual(["INFO", "memory"]);
        return info();
      },
    },
  }) as unknown as RedisConnection;

it("takes the word of the account, with which Redis need not be asked", async () => {
  const on = await eviction.run(factsOf({ env: await startUpstash({ eviction: true }) }));
  expect(on).toMatchObject({
    is: "wrong",
    text: expect.stringMatching(/^on: a full database would drop/),
    cure: expect.stringContaining("turn Eviction off"),
  });
  expect(await eviction.run(factsOf({ env: await startUpstash({ eviction: false }) }))).toMatchObject({ is: "right" });
});

it.each<[string, () => Promise<string>, string]>([
  ["noeviction", async () => "# Memory\r\nmaxmemory_policy:noeviction\r\nx:1", "right"],
  ["allkeys-lru", async () => "# Memory\r\nmaxmemory_policy:allkeys-lru\r\n", "wrong"],
  ["nothing", async () => "used_memory:1", "unknown"],
  ["an error", () => Promise.reject(new Error("ERR unknown command")), "unknown"],
])("believes the policy of Redis where the account does not tell: %s", async (policy, info, is) => {
  const redis = redisWith(info);
  const env = await startUpstash();
  for (const one of [env, { UPSTASH_EMAIL: "ada@example.com" }, {}]) {
    const finding = await eviction.run(factsOf({ env: one, redis }));
    expect(finding.is).toBe(is);
    if (is === "wrong") expect(finding.text).toContain(`${policy}: a full database would drop`);
    if (is === "unknown") expect(finding.text).toContain("Eviction should be off");
  }
});

it("needs an account for what the database does not tell itself", () => {
  const ofRedis = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"];
  expect(eviction.needs).toEqual(ofRedis);
  for (const { needs } of [region, month]) expect(needs).toEqual([...ofRedis, "UPSTASH_EMAIL", "UPSTASH_API_KEY"]);
});
