import fc from "fast-check";
import { expect, it } from "vitest";
import { cacheKind } from "../../../src/cache/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import { createDatabase, type Fault } from "../../support/database.ts";
import { assertWithin } from "../../support/property.ts";
import { createTestIsolate } from "./support.ts";

// The cache beside a plain model: a source whose values change, two isolates that read, invalidate and restart in any order,
// and a Redis that loses requests and replies.

const thing = cacheKind<number>({
  name: "thing",
  ttlMs: 10_000,
  graceMs: 20_000,
  localMs: 2_000,
  jitter: 0.1,
  claimMs: 20,
  failureMs: 5,
});
const oldest = thing.ttlMs * (1 + thing.jitter) + thing.graceMs;
const ids = ["a", "b"];

type Step =
  | { do: "read"; by: number; id: string; callers: number }
  | { do: "change"; id: string }
  | { do: "pass"; ms: number }
  | { do: "delete"; by: number; id: string }
  | { do: "clear"; by: number }
  /** One isolate reads. While it fetches, the value changes and the other isolate invalidates it. */
  | { do: "overlap"; by: number; id: string }
  | { do: "restart"; by: number }
  | { do: "break"; fault: Fault }
  | { do: "fail"; isFailing: boolean };

const by = fc.nat({ max: 1 });
const id = fc.constantFrom(...ids);
const fault = fc.record({
  at: fc.constantFrom<Fault["at"]>("before", "after"),
  do: fc.constant<Fault["do"]>("drop"),
  times: fc.integer({ min: 1, max: 4 }),
  skip: fc.nat({ max: 3 }),
});
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const step = fc.oneof(
  weighted(6, fc.record({ do: fc.constant("read" as const), by, id, callers: fc.integer({ min: 1, max: 5 }) })),
  weighted(2, fc.record({ do: fc.constant("change" as const), id })),
  weighted(3, fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 15_000 }) })),
  weighted(1, fc.record({ do: fc.constant("delete" as const), by, id })),
  weighted(1, fc.record({ do: fc.constant("clear" as const), by })),
  weighted(2, fc.record({ do: fc.constant("overlap" as const), by, id })),
  weighted(1, fc.record({ do: fc.constant("restart" as const), by })),
  weighted(1, fc.record({ do: fc.constant("break" as const), fault })),
  weighted(1, fc.record({ do: fc.constant("fail" as const), isFailing: fc.boolean() })),
);

it("never serves a value older than its bound, never fetches twice at once, never fails while it has a copy", {
  timeout: 120_000,
}, async () => {
  const database = createDatabase();
  let runs = 0;
  await assertWithin(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const time = { now: 1_800_000_000_000 };
      const prefix = `run-${runs++}:`;
      const options = {
        database,
        prefix,
        clock: {
          ...systemClock,
          now: () => time.now,
          // Waits pass quickly; fetches are quicker still, so that none runs into its timeout.
          sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.max(1, ms / 20), signal),
        },
      };
      const isolates = [createTestIsolate(options), createTestIsolate(options)] as const;
      /** When each version of a value began; the last one is current. */
      const versions = new Map(ids.map((one) => [one, [time.now]]));
      /** The last acknowledged invalidation of each value. */
      const forgotten = new Map<string, { at: number; by: number }>();
      const source = { isFailing: false, failedAt: 0, fetches: 0 };

      const fetcher = (one: string) => async () => {
        source.fetches += 1;
        if (source.isFailing) {
          source.failedAt = time.now;
          throw new Error("the source is away");
        }
        return (versions.get(one)?.length ?? 0) - 1;
      };
      const until = (one: string, version: number) => versions.get(one)?.[version + 1] ?? Number.POSITIVE_INFINITY;

      for (const now of steps) {
        switch (now.do) {
          case "pass":
            time.now += now.ms;
            break;
          case "change":
            time.now += 1;
            versions.get(now.id)?.push(time.now);
            break;
          case "restart":
            isolates[now.by === 0 ? 0 : 1].forgetLocally();
            break;
          case "break":
            await database.break(now.fault);
            break;
          case "fail":
            source.isFailing = now.isFailing;
            break;
          case "delete":
          case "clear": {
            const things = isolates[now.by === 0 ? 0 : 1].invocation().of(thing);
            const isAcknowledged = await (now.do === "delete" ? things.delete(now.id) : things.clear()).then(
              () => true,
              () => false,
            );
            if (isAcknowledged) {
              for (const one of now.do === "delete" ? [now.id] : ids) forgotten.set(one, { at: time.now, by: now.by });
            }
            time.now += 1;
            break;
          }
          case "overlap": {
            const [reader, other] = now.by === 0 ? isolates : isolates.toReversed();
            const gate = Promise.withResolvers<void>();
            const began = Promise.withResolvers<void>();
            const snapshot = (versions.get(now.id)?.length ?? 0) - 1;
            const reading = reader
              ?.invocation()
              .of(thing)
              .read(now.id, async () => {
                began.resolve();
                await gate.promise;
                return snapshot;
              })
              .catch(() => undefined);
            await Promise.race([reading, began.promise]);
            time.now += 1;
            versions.get(now.id)?.push(time.now);
            const forgetting = other?.invocation().of(thing).delete(now.id);
            const isAcknowledged = await forgetting?.then(
              () => true,
              () => false,
            );
            if (isAcknowledged) forgotten.set(now.id, { at: time.now, by: now.by === 0 ? 1 : 0 });
            gate.resolve();
            await reading;
            await reader?.settled();
            time.now += 1;
            break;
          }
          case "read": {
            const isolate = isolates[now.by === 0 ? 0 : 1];
            const things = isolate.invocation().of(thing);
            isolate.events.length = 0;
            source.fetches = 0;
            const hadCopy = isolate.state.entries.get(`${prefix}c:thing:${now.id}`);
            const reads = await Promise.allSettled(
              Array.from({ length: now.callers }, () => things.read(now.id, fetcher(now.id))),
            );
            await isolate.settled();
            const isRedisWell = !isolate.events.some(({ type }) => type === "redis-failed");
            expect(source.fetches).toBeLessThanOrEqual(1);
            for (const read of reads) {
              if (read.status === "rejected") {
                expect(source.isFailing || isRedisWell).toBe(true);
                const isOwnCopyGood =
                  hadCopy && time.now < hadCopy.serveUntil && hadCopy.sequence === isolate.state.sequence;
                // A copy is served where Redis did not answer. Where it did, it knew better.
                const happened = isolate.events.map(({ type }) => type);
                const wasAsked = happened.indexOf("fetch-failed") !== -1 && happened[0] !== "redis-failed";
                if (!isRedisWell && !wasAsked) expect(isOwnCopyGood).toBeFalsy();
                continue;
              }
              const version = read.value.value ?? -1;
              expect(time.now - until(now.id, version)).toBeLessThanOrEqual(oldest);
              const invalidation = forgotten.get(now.id);
              if (!invalidation || !isRedisWell) continue;
              const bound = invalidation.by === now.by ? 0 : thing.localMs;
              if (time.now >= invalidation.at + bound) expect(until(now.id, version)).toBeGreaterThan(invalidation.at);
            }
            // The next read comes later.
            time.now += 1;
            break;
          }
        }
      }
      await database.mend();
    }),
    // As many worlds as fit into the time that this file has.
    { runs: 150 },
  );
});
