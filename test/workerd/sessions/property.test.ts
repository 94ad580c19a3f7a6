import fc from "fast-check";
import * as v from "valibot";
import { expect, it } from "vitest";
import { SessionConflictError, sessionKind } from "../../../src/sessions/index.ts";
import { createDatabase, type Fault } from "../../support/database.ts";
import { assertWithin } from "../../support/property.ts";
import { createTestIsolate } from "./support.ts";

// Sessions beside a plain model: three isolates that update, read, end and revoke at once, two people, and a Redis whose
// requests and replies get lost or come late, before or after a write took effect.

const notes = sessionKind({ name: "notes", schema: v.array(v.string()) });
const people = ["ada", "robin"] as const;
const timeoutMs = 60;
/** Whether a call since then may have given up a request. Timers and clocks differ by a millisecond or two. */
const wasGivenUp = (startedAt: number) => Date.now() - startedAt > timeoutMs - 5;

type Operation =
  | { do: "note"; by: number; session: number }
  | { do: "read"; by: number; session: number }
  | { do: "peek"; by: number; session: number }
  | { do: "end"; by: number; session: number }
  | { do: "revoke"; by: number; person: number }
  | { do: "begin"; by: number; person: number };
interface Round {
  faults: readonly Fault[];
  together: readonly Operation[];
}

const by = fc.nat({ max: 2 });
const session = fc.nat({ max: 3 });
const person = fc.nat({ max: 1 });
const operation = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("note" as const), by, session }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("read" as const), by, session }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("peek" as const), by, session }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), by, session }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const), by, person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("begin" as const), by, person }) },
);
const fault = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      at: fc.constantFrom<Fault["at"]>("before", "after"),
      do: fc.constant<Fault["do"]>("drop"),
      times: fc.integer({ min: 1, max: 3 }),
      skip: fc.nat({ max: 4 }),
    }),
  },
  {
    // A request that arrives after its sender gave up still takes effect.
    weight: 1,
    arbitrary: fc.record({
      at: fc.constantFrom<Fault["at"]>("before", "after"),
      do: fc.constant<Fault["do"]>("stall"),
      ms: fc.constant(timeoutMs + 25),
      times: fc.constant(1),
      skip: fc.nat({ max: 4 }),
    }),
  },
);
const round: fc.Arbitrary<Round> = fc.record({
  faults: fc.array(fault, { maxLength: 2 }),
  together: fc.array(operation, { minLength: 1, maxLength: 8 }),
});

/** A session, as far as the replies tell. */
interface Model {
  id: string;
  owner: string;
  acknowledged: Set<string>;
  attempted: Set<string>;
  /** A request of its creation was given up: where that arrives after an end, the session is there again. */
  mayArriveLate: boolean;
  /** An end or a revocation began: from then on the session may be gone. Once acknowledged, it must be. */
  mayBeOver: boolean;
  isOver: boolean;
}

it("loses no acknowledged update, applies none twice, revives no session, opens none to others, and lets every key expire", {
  timeout: 120_000,
}, async () => {
  const database = createDatabase();
  let updates = 0;
  await assertWithin(
    fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 8 }), async (rounds) => {
      const prefix = `run-${updates}:`;
      const isolates = Array.from({ length: 3 }, () => createTestIsolate({ database, prefix, timeoutMs }));
      const at = (index: number) => (isolates[index] ?? isolates[0])?.invocation() ?? expect.fail("no isolate");
      const models: Model[] = [];
      /** Owners whose revocation may still be under way: given up, or sent twice. It revokes later sessions too. */
      const late = new Set<string>();
      let hasStalls = false;
      const modelAt = (index: number) => models[index % models.length];
      const begin = async (by: number, owner: string, isRevoking = false) => {
        const startedAt = Date.now();
        const model = {
          owner,
          acknowledged: new Set<string>(),
          attempted: new Set<string>(),
          mayBeOver: isRevoking || late.has(owner),
          isOver: false,
        };
        const begun = await settle(at(by).store(notes).create([], { owner }));
        const mayArriveLate = wasGivenUp(startedAt);
        if (begun.ok) models.push({ ...model, id: begun.value.id, mayArriveLate });
      };
      await begin(0, people[0]);
      await begin(1, people[1]);

      async function run(
        now: Operation,
        overBefore: ReadonlySet<Model>,
        together: readonly Operation[],
      ): Promise<void> {
        if (now.do === "begin") {
          // A session created during a revocation may have been created before or after it.
          const isRevoking = together.some((one) => one.do === "revoke" && one.person === now.person);
          return begin(now.by, people[now.person] ?? people[0], isRevoking);
        }
        if (now.do === "revoke") {
          const owner = people[now.person] ?? people[0];
          const known = models.filter((model) => model.owner === owner);
          for (const model of known) model.mayBeOver = true;
          const startedAt = Date.now();
          const done = await settle(at(now.by).endAll(owner));
          if (!done.ok || hasStalls || wasGivenUp(startedAt)) late.add(owner);
          if (done.ok) for (const model of known) model.isOver = !model.mayArriveLate;
          return;
        }
        const model = modelAt(now.session);
        if (!model) return;
        const ref = { id: model.id, owner: model.owner };
        const store = at(now.by).store(notes);
        switch (now.do) {
          case "note": {
            const note = String(updates++);
            model.attempted.add(note);
            const done = await settle(store.update(ref, (list) => [...list, note], { attempts: 40 }));
            if (!done.ok) break;
            if (!done.value.found) expect(model.mayBeOver).toBe(true);
            else {
              expect(overBefore.has(model)).toBe(false);
              model.acknowledged.add(note);
              expect(done.value.session.data).toContain(note);
            }
            break;
          }
          case "read": {
            const done = await settle(store.find(ref));
            if (!done.ok) break;
            if (done.value.found) expect(overBefore.has(model)).toBe(false);
            else expect(model.mayBeOver).toBe(true);
            break;
          }
          case "peek": {
            const stranger = people.find((one) => one !== model.owner);
            for (const owner of [stranger, undefined]) {
              const done = await settle(store.update({ id: model.id, owner }, () => ["stolen"]));
              if (done.ok) expect(done.value.found).toBe(false);
            }
            break;
          }
          case "end": {
            model.mayBeOver = true;
            const done = await settle(store.end(ref));
            if (done.ok) model.isOver = !model.mayArriveLate;
            break;
          }
        }
      }

      for (const { faults, together } of rounds) {
        hasStalls ||= faults.some((one) => one.do === "stall");
        await database.break(...faults);
        const overBefore = new Set(models.filter(({ isOver }) => isOver));
        await Promise.all(together.map((one) => run(one, overBefore, together)));
      }
      await database.mend();
      // Requests that were given up may still be under way.
      await new Promise((resolve) => setTimeout(resolve, timeoutMs));
      for (const model of models) {
        const found = await createTestIsolate({ database, prefix }).invocation().store(notes).find(model);
        if (model.isOver) expect(found).toEqual({ found: false, reason: "gone" });
        if (!found.found) {
          expect(model.mayBeOver).toBe(true);
          continue;
        }
        const { data } = found.session;
        expect(new Set(data).size).toBe(data.length);
        for (const note of model.acknowledged) expect(data).toContain(note);
        for (const note of data) expect(model.attempted).toContain(note);
      }
      const keys = (await database.raw("KEYS", `${prefix}*`)) as string[];
      for (const key of keys) expect([key, Number(await database.raw("PTTL", key)) > 0]).toEqual([key, true]);
    }),
    { runs: 50 },
  );
});

// --- Internal helpers ---

/** Redis's failures and refused conflicts are results here; any other error fails the test. */
async function settle<T>(work: Promise<T>): Promise<{ ok: true; value: T } | { ok: false }> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    const isExpected = error instanceof SessionConflictError || (error as Error).name.startsWith("Redis");
    if (!isExpected) throw error;
    return { ok: false };
  }
}
