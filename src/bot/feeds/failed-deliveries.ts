import { createKeys } from "../keys.ts";
import type { FeedServices, Following } from "./followings.ts";

/** A delivery that failed: it is still tried, or was given up. */
export interface FailedDelivery extends Following {
  id: string;
  data: unknown;
  tries: number;
  reason: string;
  /** When it failed last, in epoch milliseconds. */
  at: number;
  isGivenUp: boolean;
}

/** How long a server can look at a failure and try it again: a week. */
const keptMs = 7 * 86_400_000;

/** Keeps a failure for its server to see. Cost: 1 command, 1 round trip. */
export async function keepFailure(services: FeedServices, failure: FailedDelivery): Promise<void> {
  const { redis, key } = open(services, failure.guildId);
  await redis.exec(["HSETEX", key, "PX", keptMs, "FIELDS", 1, failure.id, JSON.stringify(failure)]);
}

/** Forgets failures, since they were delivered or are tried anew. Cost: 1 command, 1 round trip; 0 for none. */
export async function forgetFailures(services: FeedServices, guildId: string, ids: readonly string[]): Promise<void> {
  const { redis, key } = open(services, guildId);
  if (ids.length > 0) await redis.hdel(key, ...ids);
}

/** Returns a server's failures, the last first. Cost: 1 command, 1 round trip. */
export async function failuresIn(services: FeedServices, guildId: string): Promise<FailedDelivery[]> {
  const { redis, key } = open(services, guildId);
  const texts = await redis.exec<string[]>(["HVALS", key]);
  return texts
    .map(readFailure)
    .filter((one) => one !== undefined)
    .toSorted((a, b) => b.at - a.at);
}

// --- Internal helpers ---

const open = ({ redis, config }: FeedServices, guildId: string) => ({
  redis: redis.commands,
  key: createKeys(config.keyPrefix).failedDeliveries(guildId),
});

function readFailure(text: string): FailedDelivery | undefined {
  try {
    const failure = JSON.parse(text) as Partial<FailedDelivery>;
    const { id, topic, channelId, guildId, at } = failure;
    const isWhole = [id, topic, channelId, guildId].every((one) => typeof one === "string") && Number.isFinite(at);
    return isWhole ? (failure as FailedDelivery) : undefined;
  } catch {
    return undefined;
  }
}
