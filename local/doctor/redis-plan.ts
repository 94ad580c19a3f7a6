import { type Check, right, unknown, wrong } from "./check.ts";
import { ofRedis } from "./redis.ts";
import { ofUpstash, readMonth, readUpstashDatabase } from "./upstash.ts";

const freeMonth = 500_000;
const console = "https://console.upstash.com";

export const region: Check = {
  name: "redis-region",
  needs: [...ofRedis, ...ofUpstash],
  async run({ settings }) {
    const database = await readUpstashDatabase(settings);
    const primary = database?.primary_region || database?.region;
    if (!database || !primary) return unknown(`Upstash does not tell; ${console} shows it`);
    const replicas = database.read_regions ?? [];
    if (replicas.length === 0) return right(primary);
    return right(`${primary}, read in ${replicas.join(", ")}: each write is billed once more for each of these`);
  },
};

export const eviction: Check = {
  name: "redis-eviction",
  needs: ofRedis,
  async run({ redis, settings }) {
    const hasAccount = ofUpstash.every((name) => settings.get(name) !== undefined);
    const known = hasAccount ? (await readUpstashDatabase(settings))?.eviction : undefined;
    const policy = known === undefined ? await readPolicy(redis().commands) : known ? "on" : "noeviction";
    if (policy === undefined)
      return unknown(`Redis does not tell; ${console} → your database → Eviction should be off`);
    if (policy === "noeviction") return right("off: a full database refuses writes, and loses nothing");
    return wrong(
      `${policy}: a full database would drop what has no copy: reminders, settings, feeds, sessions`,
      `turn Eviction off at ${console} → your database → Configuration`,
    );
  },
};

export const month: Check = {
  name: "redis-month",
  needs: [...ofRedis, ...ofUpstash],
  async run({ settings }) {
    const database = await readUpstashDatabase(settings);
    const used = database && (await readMonth(settings, database.database_id));
    if (used === undefined) return unknown(`Upstash does not tell; ${console} shows it`);
    const commands = `${used.toLocaleString("en")} commands this month`;
    const plan = database?.type ?? "free";
    if (plan !== "free") return right(`${commands}; the plan, ${plan}, does not limit them`);
    const percent = Math.round((used / freeMonth) * 100);
    const text = `${commands}, ${percent} % of the free plan's`;
    if (percent < 90) return right(text);
    return wrong(text, `raise the plan at ${console}, or lower the use: docs/costs.md says what costs how much`);
  },
};

// --- Internal helpers ---

/** Returns the policy that `INFO` names; undefined when the server does not name one. */
async function readPolicy(commands: { exec<T>(command: [string, ...string[]]): Promise<T> }) {
  const info = await commands.exec<unknown>(["INFO", "memory"]).catch(() => "");
  return /^maxmemory_policy:([\w-]+)/m.exec(String(info))?.[1];
}
