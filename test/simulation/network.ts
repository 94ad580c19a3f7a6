import type { Isolate } from "./isolate.ts";
import type { Random } from "./random.ts";
import type { Server } from "./redis/server.ts";
import type { World } from "./world.ts";

/** What goes wrong between an isolate and Redis, each as a share from 0 to 1 of all requests. */
export interface Faults {
  /** Lost on the way there: nothing happens. */
  dropRequest: number;
  /** Lost on the way back: it happened all the same. */
  dropReply: number;
  /** Lies about on the way there, up to `longestMs`: it happens long after its sender gave up. */
  delayRequest: number;
  /** The answer takes up to `slowestMs`. */
  delayReply: number;
  /** Happens a second time, up to `longestMs` later. */
  duplicate: number;
  /** Answered 500, before or after it happened, or 429. */
  refuse: number;
  /** Reads are answered by a replica that is behind. */
  stale: number;
  longestMs: number;
  slowestMs: number;
}

export const calm: Faults = {
  dropRequest: 0,
  dropReply: 0,
  delayRequest: 0,
  delayReply: 0,
  duplicate: 0,
  refuse: 0,
  stale: 0,
  longestMs: 0,
  slowestMs: 0,
};

export interface NetworkOptions {
  world: World;
  server: Server;
  random: Random;
  /** Asked for each request. */
  faults(): Faults;
  /** Nothing gets through between this isolate and Redis just now. */
  isCutOff(name: string): boolean;
}

/** How long a request takes each way when nothing goes wrong. */
const latencyMs = [1, 20] as const;

/** A `fetch` for one isolate: all it reaches is Redis, by way of a network that is as bad as it is told to be. */
export function createFetch(
  { world, server, random, faults, isCutOff }: NetworkOptions,
  isolate: Isolate,
): typeof fetch {
  const travel = () => random.between(...latencyMs);

  return (input, init) =>
    new Promise((resolve) => {
      const body = typeof init?.body === "string" ? init.body : "[]";
      const syncToken = (init?.headers as Record<string, string> | undefined)?.["Upstash-Sync-Token"] ?? "";
      const at = isolate.atOfThisLife();
      const now = faults();
      const label = () => labelOf(body);
      const lost = random.chance(now.dropRequest) || isCutOff(isolate.name);
      const late = random.chance(now.delayRequest) ? random.between(1, now.longestMs) : 0;
      const back = travel() + (random.chance(now.delayReply) ? random.between(1, now.slowestMs) : 0);
      const isReplyLost = random.chance(now.dropReply);
      const again = random.chance(now.duplicate) ? random.between(1, now.longestMs) : 0;
      const refusal = random.chance(now.refuse) ? random.pick(["500", "500 after", "429"] as const) : undefined;
      const isStale = random.chance(now.stale);

      if (lost) return isolate.note(() => `${label()} is lost`);
      const arrive = (isAgain: boolean) => () => {
        if (refusal === "500" || refusal === "429") return reply(Number(refusal), '{"error":"ERR try later"}', "");
        const isTransaction = typeof input === "string" && input.endsWith("/multi-exec");
        const how = { syncToken, isTransaction, ...(isStale && { lagMs: random.between(1, 5_000) }) };
        const answer = server.answer(body, world.now(), how);
        world.note("redis", () => {
          const trouble = [isAgain && "again", !isAgain && late > 0 && `${late} ms late`, isStale && "from a replica"];
          return [`${isolate.name}: ${label()} = ${answer.body}`, ...trouble.filter(Boolean)].join(", ");
        });
        if (isAgain) return;
        if (isReplyLost) return isolate.note(() => `the reply to ${label()} is lost`);
        if (refusal === "500 after") return reply(500, '{"error":"ERR internal"}', "");
        reply(200, answer.body, answer.syncToken);
      };
      const reply = (status: number, text: string, token: string) => {
        if (isCutOff(isolate.name)) return isolate.note(() => `the reply to ${label()} is lost`);
        at(world.now() + back, () => resolve(response(status, text, token)));
      };
      const there = world.now() + travel() + late;
      world.at(there, arrive(false));
      if (again > 0) world.at(there + again, arrive(true));
    });
}

// --- Internal helpers ---

/** As much of a response as the transport reads; the real one would bring time of its own into the run. */
const response = (status: number, text: string, token: string): Response =>
  ({
    ok: status === 200,
    status,
    headers: { get: (name: string) => (name === "Upstash-Sync-Token" && token !== "" ? token : null) },
    text: () => Promise.resolve(text),
  }) as unknown as Response;

/** Commands for people: scripts by their length, values cut. */
const labelOf = (body: string): string =>
  (JSON.parse(body) as unknown[][])
    .map((words) =>
      words
        .map((word) => (String(word).includes("\n") ? "<script>" : String(word)))
        .map((word) => (word.length > 40 ? `${word.slice(0, 37)}...` : word))
        .join(" "),
    )
    .join(" | ");
