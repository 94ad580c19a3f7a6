import type { CacheEvent } from "../cache/index.ts";
import type { CoordinationEvent } from "../coordination/index.ts";
import type { PubsubEvent } from "../pubsub/index.ts";
import type { RedisEvent } from "../redis/index.ts";
import { explainProblem } from "./failures.ts";
import type { Log } from "./log.ts";

// Turns the events of the parts into lines of the log.

const levels = {
  connect: "debug",
  error: "warn",
  refused: "error",
  retry: "debug",
  lost: "error",
  restored: "info",
} as const;

export function reportCache(log: Log, event: CacheEvent): void {
  const { type, namespace } = event;
  const key = "key" in event && { key: event.key };
  log("warn", `cache ${type}`, { namespace, ...key, ...("error" in event && { error: String(event.error) }) });
}

export function reportPubsub(log: Log, event: PubsubEvent): void {
  const { type } = event;
  const where = { ...("reader" in event && { reader: event.reader }), ...("where" in event && { where: event.where }) };
  const what = "message" in event ? { channel: event.message.channel, message: event.message.id } : {};
  log("warn", `pubsub ${type}`, { ...where, ...what, ...("error" in event && { error: String(event.error) }) });
}

export function reportCoordination(log: Log, event: CoordinationEvent): void {
  const { type } = event;
  const level = type === "failed" || type === "notice-refused" ? "warn" : "debug";
  log(level, `coordination ${type}`, { ...event, ...("error" in event && { error: String(event.error) }) });
}

export function reportRedis(log: Log, event: RedisEvent): void {
  if (!("error" in event)) return log(levels[event.type], `redis ${event.type}`);
  const { type, error } = event;
  log(levels[type], `redis ${type}`, { error: error.message, ...explainProblem(error) });
}
