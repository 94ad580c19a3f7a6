import fc from "fast-check";
import { expect, it } from "vitest";
import type { Message, PubsubEvent } from "../../../src/pubsub/index.ts";
import { PublishUncertainError } from "../../../src/pubsub/index.ts";
import { createDatabase, type Fault } from "../../support/database.ts";
import { assertWithin } from "../../support/property.ts";
import { createTestIsolate } from "./support.ts";

// Publishers, isolates that hear, a named subscriber and a worker group in any order, with trims, invocations that die between any two
// commands, and a Redis whose requests and answers get lost.

const channels = ["a", "b"] as const;

type Step =
  | { do: "publish"; by: number; channel: string; count: number; isTwice: boolean }
  | { do: "listen"; by: number }
  | { do: "subscribe"; by: number }
  | { do: "work"; by: number }
  | { do: "claim"; by: number }
  /** Trims all but the newest few. */
  | { do: "trim"; left: number }
  /** An isolate is replaced by a fresh one. */
  | { do: "restart"; by: number }
  /** An invocation dies after `after` commands: Redis runs the next command, and its reply is lost. */
  | { do: "die"; by: number; after: number; what: "subscribe" | "work" | "claim" }
  | { do: "break"; fault: Fault };

const by = fc.nat({ max: 1 });
const fault = fc.record({
  at: fc.constantFrom<Fault["at"]>("before", "after"),
  do: fc.constant<Fault["do"]>("drop"),
  times: fc.integer({ min: 1, max: 3 }),
  skip: fc.nat({ max: 3 }),
});
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const step = fc.oneof(
  weighted(
    6,
    fc.record({
      do: fc.constant("publish" as const),
      by,
      channel: fc.constantFrom(...channels),
      count: fc.integer({ min: 1, max: 5 }),
      isTwice: fc.boolean(),
    }),
  ),
  weighted(4, fc.record({ do: fc.constant("listen" as const), by })),
  weighted(3, fc.record({ do: fc.constant("subscribe" as const), by })),
  weighted(3, fc.record({ do: fc.constant("work" as const), by })),
  weighted(2, fc.record({ do: fc.constant("claim" as const), by })),
  weighted(1, fc.record({ do: fc.constant("trim" as const), left: fc.nat({ max: 6 }) })),
  weighted(1, fc.record({ do: fc.constant("restart" as const), by })),
  weighted(
    2,
    fc.record({
      do: fc.constant("die" as const),
      by,
      after: fc.nat({ max: 3 }),
      what: fc.constantFrom("subscribe" as const, "work" as const, "claim" as const),
    }),
  ),
  weighted(1, fc.record({ do: fc.constant("break" as const), fault })),
);

/** The messages and events of one isolate. */
interface Log {
  got: Message[];
  events: PubsubEvent[];
}

it("keeps order, reports every loss, and repeats no message that a reader remembers", {
  timeout: 120_000,
}, async () => {
  const database = createDatabase();
  let runs = 0;
  await assertWithin(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const prefix = `run-${runs++}:`;
      const stream = `${prefix}b:main`;
      const isolateOptions = { database, prefix, retries: 0, pageSize: 4 };
      const fresh = (index: number) => {
        const isolate = createTestIsolate({ ...isolateOptions, source: `s${index}` });
        const log: Log = { got: [], events: isolate.events };
        return { isolate, log };
      };
      const isolates = [fresh(0), fresh(1)];
      /** All isolates, replaced ones included. Each hears from where it began. */
      const lives = [...isolates];
      const subscriberGot: Message[] = [];
      const workerGot: Message[] = [];
      /** Acknowledged by Redis, in order of their first entry. */
      const published: { id: string; data: number }[] = [];
      /** Messages that a step trimmed, by id. */
      const trimmed = new Set<string>();
      let next = 0;

      const entries = async () =>
        ((await database.raw("XRANGE", stream, "-", "+")) as [string, string[]][]).map(([id, fields]) => ({
          id,
          messageId: fields[3] ?? "",
        }));

      /** Returns a connection that dies with the command after `left` others. */
      const connectionOf = (index: number, left = Number.POSITIVE_INFINITY) => {
        const connection = isolates[index]?.isolate.connect();
        if (!connection) throw new Error("there are two");
        let count = left;
        const { commands } = connection;
        const exec = (command: Parameters<typeof commands.exec>[0]) => {
          if (count-- > 0) return commands.exec(command);
          // The command is sent, and its reply is lost.
          const lost = commands.exec(command).catch(() => undefined);
          pending.push(lost);
          return Promise.reject(new Died());
        };
        return () =>
          new Proxy(commands, { get: (target, name) => (name === "exec" ? exec : Reflect.get(target, name)) });
      };
      const pending: Promise<unknown>[] = [];

      const act = async (index: number, what: "listen" | "subscribe" | "work" | "claim", dieAfter?: number) => {
        const life = isolates[index];
        if (!life) return;
        const keep = (list: Message[]) => (message: Message) => void list.push(message);
        const pubsub = life.isolate.invocation({
          redis: connectionOf(index, dieAfter),
          isolateHandlers: { "*": keep(life.log.got) },
        });
        try {
          if (what === "listen") await pubsub.poll();
          else if (what === "subscribe") {
            const subscriber = pubsub.subscriber("audit", { from: "oldest" });
            subscriber.subscribe("*", keep(subscriberGot));
            await subscriber.poll();
          } else {
            const group = pubsub.group("feeds", { retryMs: 0, maxDeliveries: 1_000 });
            group.subscribe("*", keep(workerGot));
            await (what === "work" ? group.poll() : group.claim());
          }
        } catch (error) {
          // Redis failed or the invocation died: the next one continues.
          if (!(error instanceof Error)) throw error;
        }
        await Promise.all(pending.splice(0));
      };

      for (const now of steps) {
        switch (now.do) {
          case "publish": {
            const pubsub = isolates[now.by]?.isolate.invocation();
            for (let count = 0; count < now.count; count++) {
              const data = next++;
              const id = `m${data}`;
              const publish = () => pubsub?.publish(now.channel, data, { id });
              const isAcknowledged = await publish()?.then(
                () => true,
                (error: unknown) => error instanceof PublishUncertainError && false,
              );
              if (isAcknowledged) published.push({ id, data });
              if (isAcknowledged && now.isTwice) await publish()?.catch(() => undefined);
            }
            break;
          }
          case "trim": {
            await database.mend();
            const before = await entries().catch(() => []);
            await database.raw("XTRIM", stream, "MAXLEN", now.left);
            const left = new Set((await entries()).map(({ messageId }) => messageId));
            for (const { messageId } of before) if (!left.has(messageId)) trimmed.add(messageId);
            break;
          }
          case "restart": {
            const life = fresh(now.by);
            isolates[now.by] = life;
            lives.push(life);
            break;
          }
          case "break":
            await database.break(now.fault);
            break;
          case "die":
            await act(now.by, now.what, now.after);
            break;
          default:
            await act(now.by, now.do);
        }
      }
      await database.mend();
      const marker = next++;
      await isolates[0]?.isolate.invocation().publish("a", marker, { id: `m${marker}` });
      const hasMarker = (messages: readonly Message[]) => messages.some(({ data }) => data === marker);
      for (let round = 0; round < 60; round++) {
        for (const index of [0, 1]) await act(index, "listen");
        await act(0, "subscribe");
        await act(0, "work");
        await act(0, "claim");
        if (hasMarker(subscriberGot) && hasMarker(workerGot) && hasMarker(isolates[0]?.log.got ?? [])) break;
      }
      for (let round = 0; round < 3; round++) for (const index of [0, 1]) await act(index, "listen");
      // An isolate whose cursor another one moved finds out when it commits, and reads again.
      for (const what of ["subscribe", "claim"] as const) for (let round = 0; round < 3; round++) await act(0, what);

      const numbers = (messages: readonly Message[]) => messages.map(({ data }) => Number(data));
      const ofChannel = (messages: readonly Message[], channel: string) =>
        messages.filter((message) => message.channel === channel);

      for (const life of lives) {
        const { got, events } = life.log;
        for (const channel of channels) {
          const order = numbers(ofChannel(got, channel));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
        expect(new Set(numbers(got)).size).toBe(got.length);
        const first = Math.min(...numbers(got));
        const last = Math.max(...numbers(got));
        const known = new Set(numbers(got));
        const lost = published.filter(({ data }) => data > first && data < last && !known.has(data));
        for (const { id } of lost) expect(trimmed).toContain(id);
        if (lost.length > 0) expect(events).toContainEqual(expect.objectContaining({ type: "gap" }));
        if (isolates.includes(life) && known.size > 0) expect(known).toContain(marker);
        // A message published twice counts twice: more may be missing than messages, never fewer.
        const told = events.flatMap((event) =>
          event.type === "gap" && event.reader === "isolate" ? [event.missed ?? Number.POSITIVE_INFINITY] : [],
        );
        expect(told.reduce((sum, missed) => sum + missed, 0)).toBeGreaterThanOrEqual(lost.length);
      }

      // At least once: every message that is left; the isolate that read past a trimmed one reported it.
      const allEvents = lives.flatMap(({ log }) => log.events);
      for (const [list, reader] of [[subscriberGot, "subscriber audit"]] as const) {
        const known = new Set(numbers(list));
        const lost = published.filter(({ data }) => !known.has(data));
        for (const { id } of lost) expect(trimmed).toContain(id);
        const hasBegun = list.length > 0 && lost.some(({ data }) => data > Math.min(...known));
        if (hasBegun) expect(allEvents).toContainEqual(expect.objectContaining({ type: "gap", reader }));
        expect(known.has(marker)).toBe(true);
      }
      const worked = new Set(numbers(workerGot));
      for (const { id, data } of published) if (!worked.has(data)) expect(trimmed).toContain(id);
      expect(worked.has(marker)).toBe(true);
      expect(await database.raw("XPENDING", stream, "feeds", "-", "+", 10)).toEqual([]);
    }),
    // As many worlds as fit into the time that this file has.
    { runs: 40 },
  );
});

class Died extends Error {}
