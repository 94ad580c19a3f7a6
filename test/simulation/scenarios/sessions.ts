// Over 200 lines: what people do, and what must follow from it, read as one story.
import * as v from "valibot";
import {
  createSessions,
  SessionConflictError,
  type SessionStore,
  type Sessions,
  sessionKind,
} from "../../../src/sessions/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import { calm } from "../network.ts";
import type { Random } from "../random.ts";
import { never } from "../redis/store.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// Two people's sessions are created, changed, read, ended and revoked from several isolates at once, by their owner and by
// others. Notes outlive the world; drafts are on the same lists and end within it.

const faultyMs = 25_000;
/** After the last fault: frozen isolates thaw, delayed requests arrive, and circuits close. */
const settledMs = 20_000;
/** The furthest a replica is behind, which reads may show. */
const furthestMs = 5_000;
/** The longest delay of a request and its duplicate. A late creation or revocation cannot be told from a new one. */
const ghostMs = 9_000;
/** An isolate that has seen nothing but failures tries again after this time. */
const longestCircuitMs = 70_000;
/** How far two clocks drift apart while there are drafts, at most. */
const driftMs = 500;
const people = ["ada", "robin"] as const;
const notes = sessionKind({ name: "notes", schema: v.array(v.string()), ttlMs: 300_000 });
const drafts = sessionKind({ name: "drafts", schema: v.string(), ttlMs: 4_000, lifetimeMs: 6_000 });

export const sessionsScenario: Scenario = { name: "sessions", run, variants: createVariants() };

/** A session, as far as the replies tell. */
interface Begun {
  id: string;
  owner: string;
  begunAt: number;
  /** When its creation was acknowledged. Without that it may exist or not. */
  toldAt: number | undefined;
}

interface Known extends Begun {
  attempted: Set<string>;
  acknowledged: Map<string, number>;
  /** From then on it may be gone. */
  mayBeOverAt: number;
  /** From then on it must be gone. */
  overAt: number;
}

interface Revocation {
  owner: string;
  begunAt: number;
  /** When the last of its requests may still arrive. */
  until: number;
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations = new Set<string>();
  const exceptions = new Set<string>();
  const sessions: Known[] = [];
  const begunDrafts: Begun[] = [];
  const revocations: Revocation[] = [];
  /** Exact clocks show lives to the second; wrong ones show that nothing else depends on them. */
  const skewMs = random.pick([0, 500, 10_000]);
  const blurMs = 2 * skewMs + driftMs;
  /** A quarter of all worlds write to one session as fast as they can, and lose more replies; the others take their time. */
  const isHot = random.chance(0.25);
  let updates = 0;
  let acknowledged = 0;

  const fleet = createFleet({
    random,
    size: random.between(2, 4),
    leaseMs: 2_000,
    faultyMs,
    skewMs,
    start(member) {
      for (let actors = isHot ? member.random.pick([1, 4, 6]) : 2; actors > 0; actors--) void live(member);
    },
    ...(isHot && { faults: { ...calm, dropReply: 0.05, stale: 0.3, longestMs: 4_000, slowestMs: 1_600 } }),
    ...(variant?.door && { door: variant.door }),
  });
  const { world, lost, faults } = fleet;
  const lagMs = faults.stale > 0 ? furthestMs : 0;

  /** Counts an exception where a failover lost writes to one of the keys, else a violation. */
  function blame(keys: readonly string[], text: string): void {
    const isTouched = lost.some(({ write }) => write.words.some((word) => keys.includes(word)));
    (isTouched ? exceptions : violations).add(text);
  }

  const count = ({ id, owner }: Begun, text: string) => blame([`t:s:${id}`, `t:su:${owner}`], text);

  function open(member: Member) {
    const { clock } = member;
    const sessions = createSessions({
      redis: member.connect(),
      prefix: "t:",
      waitUntil: (work) => void work.catch(() => {}),
      clock,
      createId: () => member.createId().padEnd(22, "_"),
    });
    return { sessions, store: sessions.store(notes) };
  }

  async function live(member: Member): Promise<void> {
    const { clock, random } = member;
    for (;;) {
      await clock.sleep(isHot ? random.between(20, 600) : random.between(200, 2_500));
      if (world.now() > beginning + faultyMs) return;
      const { sessions: all, store } = open(member);
      const one = sessions[isHot && random.chance(0.9) ? 0 : random.between(0, sessions.length - 1)];
      const what = random.next();
      if (sessions.length < 2 || (sessions.length < 8 && what < 0.05)) await begin(member, store);
      else if (!one) continue;
      else if (what < (isHot ? 0.9 : 0.5)) await update(one, store);
      else if (what < 0.91) await read(one, store);
      else if (what < 0.93) await peek(one, store);
      else if (what < 0.94) await settle(all.list(one.owner));
      else if (what < 0.985 || world.now() < beginning + 15_000) await draft(member, all);
      else if (what < 0.995) await end(one, () => store.end(one));
      else await revoke(one.owner, () => all.endAll(one.owner));
    }
  }

  async function begin(member: Member, store: SessionStore<string[]>): Promise<void> {
    const { random } = member;
    const owner = random.pick(people);
    const known: Known = {
      id: member.createId().padEnd(22, "_"),
      owner,
      begunAt: world.now(),
      toldAt: undefined,
      attempted: new Set(),
      acknowledged: new Map(),
      mayBeOverAt: Number.POSITIVE_INFINITY,
      overAt: Number.POSITIVE_INFINITY,
    };
    if (revocations.some((one) => one.owner === owner && one.until >= known.begunAt)) known.mayBeOverAt = 0;
    const done = await settle(store.create([], { owner, id: known.id }));
    if (!done.ok) return;
    known.toldAt = world.now();
    if (revocations.some((one) => one.owner === owner && one.until >= known.begunAt)) known.mayBeOverAt = 0;
    sessions.push(known);
  }

  /** Creates a draft, or reads one. */
  async function draft(member: Member, all: Sessions): Promise<void> {
    const { random } = member;
    const store = all.store(drafts);
    const startedAt = world.now();
    const living = begunDrafts.filter(({ begunAt }) => begunAt + drafts.lifetimeMs > startedAt);
    if (living.length < 4 && random.chance(0.5)) {
      const id = member.createId().padEnd(22, "_");
      const one: Begun = { id, owner: random.pick(people), begunAt: startedAt, toldAt: undefined };
      begunDrafts.push(one);
      if ((await settle(store.create("", { owner: one.owner, id }))).ok) one.toldAt = world.now();
      return;
    }
    const one = begunDrafts.at(-random.between(1, 4));
    if (one?.toldAt === undefined) return;
    const done = await settle(store.find(one));
    if (!done.ok) return;
    if (done.value.found) {
      if (startedAt > one.toldAt + drafts.lifetimeMs + blurMs) violations.add(`draft ${one.id} outlived its lifetime`);
      return;
    }
    const isRevoked = revocations.some(({ owner, until }) => owner === one.owner && until >= one.begunAt);
    const isUnseen = startedAt < one.toldAt + lagMs;
    const isEarly = world.now() < one.begunAt + drafts.ttlMs - blurMs;
    if (isEarly && !isRevoked && !isUnseen) count(one, `draft ${one.id} was gone before its time`);
  }

  async function update(one: Known, store: SessionStore<string[]>): Promise<void> {
    const note = String(updates++);
    const begunAt = world.now();
    one.attempted.add(note);
    const done = await settle(store.update(one, (list) => [...list, note], { writeId: `w${note}`, attempts: 40 }));
    if (!done.ok) return;
    if (!done.value.found) return missing(one, begunAt, done.value.reason);
    const { data } = done.value.session;
    if (!data.includes(note)) count(one, `update ${note} of ${one.id} was acknowledged without being there`);
    shown(one, data, begunAt);
    one.acknowledged.set(note, world.now());
    acknowledged += 1;
  }

  async function read(one: Known, store: SessionStore<string[]>): Promise<void> {
    const begunAt = world.now();
    const done = await settle(store.find(one));
    if (!done.ok) return;
    if (!done.value.found) return missing(one, begunAt, done.value.reason);
    shown(one, done.value.session.data, begunAt);
  }

  async function peek(one: Known, store: SessionStore<string[]>): Promise<void> {
    for (const owner of [people.find((person) => person !== one.owner), undefined]) {
      const ref = { id: one.id, owner };
      const found = await settle(store.find(ref));
      const changed = await settle(store.update(ref, () => ["stolen"]));
      if ((found.ok && found.value.found) || (changed.ok && changed.value.found)) {
        violations.add(`${one.id} of ${one.owner} was found by ${owner ?? "a caller without an owner"}`);
      }
    }
  }

  async function end(one: Known, work: () => Promise<boolean>): Promise<void> {
    const begunAt = world.now();
    one.mayBeOverAt = Math.min(one.mayBeOverAt, begunAt);
    const done = await settle(work());
    // False may come from a replica that has not seen the session yet.
    if (done.ok && done.value) over(one, begunAt);
  }

  async function revoke(owner: string, work: () => Promise<void>): Promise<void> {
    const begunAt = world.now();
    const revocation: Revocation = { owner, begunAt, until: Number.POSITIVE_INFINITY };
    revocations.push(revocation);
    const known = sessions.filter((one) => one.owner === owner);
    for (const one of known) one.mayBeOverAt = Math.min(one.mayBeOverAt, begunAt);
    const done = await settle(work());
    revocation.until = world.now() + ghostMs;
    if (done.ok) for (const one of known) over(one, begunAt);
  }

  function over(one: Known, begunAt: number): void {
    if (begunAt > (one.toldAt ?? Number.POSITIVE_INFINITY) + ghostMs) one.overAt = Math.min(one.overAt, world.now());
  }

  /** Called when a session was not found by a read that began at this time. */
  function missing(one: Known, begunAt: number, reason: string): void {
    if (reason === "foreign") violations.add(`${one.id} was kept from its owner ${one.owner}`);
    const mayBeUnseen = begunAt < (one.toldAt ?? 0) + lagMs;
    if (world.now() < one.mayBeOverAt && !mayBeUnseen) count(one, `${one.id} was gone before it was ended`);
  }

  /** Called with the data that a read or an update, begun at this time, returned. */
  function shown(one: Known, data: readonly string[], begunAt: number): void {
    if (begunAt > one.overAt + lagMs) count(one, `${one.id} was found after it had ended`);
    if (new Set(data).size < data.length) violations.add(`an update of ${one.id} was applied twice`);
    for (const [note, at] of one.acknowledged) {
      if (at < begunAt - lagMs && !data.includes(note)) count(one, `update ${note} of ${one.id} was lost`);
    }
    for (const note of data) if (!one.attempted.has(note)) violations.add(`"${note}" came into ${one.id} from nowhere`);
  }

  /** Checks what Redis holds: every key ends, and no list ends before a session on it. */
  function checkLives(): void {
    const { store } = fleet.server.primary;
    store.now = world.now();
    for (const key of store.values.keys()) {
      const value = store.any(key);
      if (value?.endsAt === never) blame([key], `${key} has no expiry`);
      if (value?.type !== "string" || !key.startsWith("t:su:")) continue;
      for (const [, id, end = ""] of value.text.matchAll(/(.{22})(.{9})/g)) {
        // The key of a session that was created late lives on after the session's end.
        const usedUntil = Math.min(store.any(`t:s:${id}`)?.endsAt ?? 0, Number.parseInt(end, 36));
        if (usedUntil > value.endsAt + blurMs) {
          blame([key, `t:s:${id}`], `${key} ends before ${id}, which is on it`);
        }
      }
    }
  }
  for (let ms = 0; ms <= faultyMs + settledMs; ms += 500) world.at(beginning + ms, checkLives);

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  await world.runUntil(beginning + faultyMs + settledMs);
  const [reader] = fleet.members;
  const finals = new Map<Known, string[] | "gone" | undefined>();
  async function readAll({ clock }: Member, store: SessionStore<string[]>): Promise<void> {
    for (const one of sessions) {
      for (;;) {
        const done = await settle(store.find(one));
        if (done.ok) finals.set(one, done.value.found ? done.value.session.data : "gone");
        if (done.ok) break;
        // Its circuit is still open.
        await clock.sleep(5_000);
      }
    }
  }
  if (reader) world.at(world.now(), () => void readAll(reader, open(reader).store));
  await world.runUntil(world.now() + longestCircuitMs);
  for (const one of sessions) {
    const data = finals.get(one);
    if (data === undefined) violations.add(`${one.id} could not be read after the last fault`);
    else if (data === "gone") {
      if (one.mayBeOverAt === Number.POSITIVE_INFINITY) count(one, `${one.id} is gone, and was never ended`);
    } else {
      if (one.overAt < Number.POSITIVE_INFINITY) count(one, `${one.id} came back after it had ended`);
      shown({ ...one, overAt: Number.POSITIVE_INFINITY }, data, world.now());
    }
  }
  return {
    violations: [...violations],
    exceptions: [...exceptions],
    timeline: world.timeline,
    figures: {
      sessions: sessions.length,
      drafts: begunDrafts.length,
      updates,
      acknowledged,
      lost: lost.length,
    },
  };
}

/** Redis's failures and refused conflicts are results here; any other error fails the run. */
async function settle<T>(work: Promise<T>): Promise<{ ok: true; value: T } | { ok: false }> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (!(error instanceof SessionConflictError) && !(error as Error).name.startsWith("Redis")) throw error;
    return { ok: false };
  }
}

function createVariants(): Variant[] {
  return [
    {
      name: "write without revision",
      door: (redis) =>
        replacing(redis, {
          // Takes the text that was read for the stored one.
          exec: (async (words: string[]) => {
            if (words[0] !== "SET" || words[3] !== "IFEQ" || !words[1]?.startsWith("t:s:")) {
              return redis.exec(words as [string]);
            }
            await redis.exec(["SET", ...words.slice(1, 3), ...words.slice(5, 7)]);
            return words[4];
          }) as typeof redis.exec,
        }),
    },
    {
      name: "a list that ends with the newest session",
      door: (redis, { clock }) =>
        replacing(redis, {
          exec: ((words: [string, ...(string | number)[]]) => {
            const [name, key, list] = words;
            if (name !== "SET" || !String(key).startsWith("t:su:")) return redis.exec(words);
            const newest = Number.parseInt(String(list).slice(-9), 36) - clock.now();
            return redis.exec([name, ...words.slice(1, 6), newest, ...words.slice(7)]);
          }) as typeof redis.exec,
        }),
    },
    {
      name: "a list that gets its expiry behind the answer",
      door: (redis) => replacing(redis, { getex: (key: string) => redis.get(key) }),
    },
  ];
}
