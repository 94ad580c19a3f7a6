import type { Entry } from "../cache/index.ts";

const sources = { L1: "this isolate's memory", redis: "Redis", fetch: "Discord" } as const;

/** Returns a small line that says where an entry came from, and how old it is: `-# from Redis, 12 s old`. */
export function provenance({ source, ageMs, isStale }: Pick<Entry<unknown>, "source" | "ageMs" | "isStale">): string {
  const age = source === "fetch" ? "just now" : `${Math.round(ageMs / 1_000)} s old`;
  return `-# from ${sources[source]}, ${age}${isStale ? ", being refreshed" : ""}`;
}
