import * as v from "valibot";
import type { Settings } from "../deployment/settings.ts";

/** The variables of an account at Upstash, whose API tells more of a database than the database itself. */
export const ofUpstash = ["UPSTASH_EMAIL", "UPSTASH_API_KEY"];

const databaseSchema = v.object({
  database_id: v.string(),
  /** The host, or its first label alone. */
  endpoint: v.string(),
  region: v.optional(v.string()),
  primary_region: v.optional(v.string()),
  read_regions: v.optional(v.array(v.string())),
  eviction: v.optional(v.boolean()),
  /** The plan: `free`, or one without a number of commands a month. */
  type: v.optional(v.string()),
});

export type UpstashDatabase = v.InferOutput<typeof databaseSchema>;

/** Returns the database of the settings, as Upstash's developer API knows it; undefined without an account or a match. */
export async function readUpstashDatabase(settings: Settings): Promise<UpstashDatabase | undefined> {
  const host = URL.parse(settings.get("UPSTASH_REDIS_REST_URL") ?? "")?.hostname ?? "";
  const databases = v.parse(v.array(databaseSchema), await ask(settings, "/v2/redis/databases"));
  return databases.find(({ endpoint }) => [host, host.split(".")[0]].includes(endpoint.split(":")[0]));
}

/** Returns how many commands the database was billed for this month; undefined when Upstash does not say. */
export async function readMonth(settings: Settings, databaseId: string): Promise<number | undefined> {
  const stats = await ask(settings, `/v2/redis/stats/${encodeURIComponent(databaseId)}`);
  return v.parse(v.object({ total_monthly_requests: v.optional(v.number()) }), stats).total_monthly_requests;
}

/** https://upstash.com/docs/devops/developer-api/introduction */
async function ask(settings: Settings, path: string): Promise<unknown> {
  const account = `${settings.get("UPSTASH_EMAIL")}:${settings.get("UPSTASH_API_KEY")}`;
  const base = settings.get("UPSTASH_API_URL") ?? "https://api.upstash.com";
  const response = await fetch(`${base}${path}`, {
    headers: { Authorization: `Basic ${Buffer.from(account).toString("base64")}` },
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new Error(`Upstash's developer API answered HTTP ${response.status}`);
  return response.json();
}
