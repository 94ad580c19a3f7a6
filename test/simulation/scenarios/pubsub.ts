// Over 200 lines: publishers, readers and the checks of what they saw belong together.
import { createHash } from "node:crypto";
import {
  createPubsub,
  createPubsubState,
  type Gap,
  type Handler,
  type Message,
  type PubsubState,
} from "../../../src/pubsub/index.ts";
import { compareIds } from "../../../src/pubsub/stream-id.ts";
import type { RedisCommands } from "../../../src/redis/index.ts";
import { createFleet, type Member } from "../fleet.ts";
import type { Random } from "../random.ts";
import { type Outcome, replacing, type Scenario, type Variant } from "../scenario.ts";
import { beginning } from "../world.ts";

// Isolates publish, hear everything whichever of their invocations polls, follow as one named subscriber and work as one group.
// Some invocations hear for themselves as well. Invocations die between any two commands.

const faultyMs = 25_000;
/** After faults have stopped: circuits close, and messages that fail are retried until they are given up. */
const settledMs = 110_000;
const maxDeliveries = 3;
const retryMs = 10_000;
/** How far a replica may be behind. */
const lagMs = 5_000;
const channels = ["a", "b"] as const;
/** A message that no worker can handle. */
const poison = "poison";

export const pubsubScenario: Scenario = { name: "pubsub", run, variants: createVariants() };

interface Published {
  id: string;
  streamId: string;
  data: unknown;
  sentAt: number;
  acknowledgedAt: number;
}

/** One life of an isolate, with its memory. */
interface Life {
  name: string;
  state: PubsubState;
  isOver: boolean;
  /** Where it began to hear. */
  from: string | undefined;
  /** Ids of messages that were handled, by reader. */
  done: Map<string, Set<string>>;
  /** The stream id of the last message that it heard. */
  last: string;
  gaps: Gap[];
}

/** An invocation that hears for itself. */
interface Visit {
  life: Life;
  /** Everything that is sent after `from` and acknowledged before `until` must have reached it. */
  from: number;
  until: number;
  got: Set<string>;
  gaps: Gap[];
}

async function run(random: Random, variant?: Variant): Promise<Outcome> {
  const violations = new Set<string>();
  const exceptions = new Set<string>();
  const lives: Life[] = [];
  const visits: Visit[] = [];
  const published: Published[] = [];
  const once = new Map<string, Set<string>>();
  const gaps: Gap[] = [];
  const subscribed = new Set<string>();
  const worked = new Set<string>();
  let firstSubscribed: string | undefined;
  let runs = 0;
  const isTrimmed = random.chance(0.4);
  const deaths = random.pick([0, 0.05, 0.2]);

  const fleet = createFleet({
    random,
    size: random.between(2, 3),
    leaseMs: 2_000,
    faultyMs,
    start: (member) => live(member),
    ...(variant?.door && { door: variant.door }),
  });
  const { world, lost, server, faults } = fleet;
  const isFaulty = () => world.now() < beginning + faultyMs;
  const count = (text: string) => void (lost.length > 0 ? exceptions : violations).add(text);

  function live(member: Member): void {
    for (const one of lives) if (one.name === member.name) one.isOver = true;
    const life: Life = {
      name: member.name,
      state: createPubsubState(),
      isOver: false,
      from: undefined,
      done: new Map(),
      last: "0-0",
      gaps: [],
    };
    lives.push(life);
    every(member, [200, 2_000], () => isFaulty() && void publish(member, life));
    every(member, [300, 1_500], () => void poll(member, life));
    every(member, [1_000, 6_000], () => isFaulty() && void visit(member, life));
    every(member, [500, 3_000], () => void follow(member, life));
    every(member, [300, 2_000], () => void work(member, life));
    if (isTrimmed) every(member, [2_000, 6_000], () => isFaulty() && void trim(member).catch(ignore));
  }

  /** Repeats work for as long as the isolate lives; less often once the faults have stopped. */
  function every({ clock, random }: Member, [least, most]: readonly [number, number], work: () => unknown): void {
    void (async () => {
      for (;;) {
        await clock.sleep(random.between(least, most) * (isFaulty() ? 1 : 4));
        work();
      }
    })();
  }

  /** Opens an invocation, which hears for its isolate. It may die with any command. */
  function open(member: Member, life: Life, more: Readonly<Record<string, Handler>> = {}) {
    const { isolate, random } = member;
    let left = isFaulty() && random.chance(deaths) ? random.between(0, 5) : Number.POSITIVE_INFINITY;
    const isDead = () => left <= 0;
    const redis = mortal(member.connect()(), isDead, () => {
      left -= 1;
      if (isDead()) isolate.note("an invocation dies");
    });
    const pubsub = createPubsub({
      state: life.state,
      redis: () => redis,
      prefix: "t:",
      source: member.name,
      waitUntil: (work) => void work.catch(ignore),
      isolateHandlers: { "*": (message) => hear(life, message), ...more },
      clock: member.clock,
      createId: () => `m${member.createId()}`,
      // Web Crypto runs on threads, in a time that is not the world's.
      digest: async (text) => createHash("sha256").update(text).digest("base64url"),
      retentionMs: 3_600_000,
      maxLength: isTrimmed ? 12 : 10_000,
      pageSize: 5,
      report(event) {
        if (event.type !== "gap") return;
        gaps.push(event);
        if (event.reader === "isolate") life.gaps.push(event);
        isolate.note(() => `${event.reader} missed ${event.missed} from ${event.after} to ${event.before}`);
      },
    });
    return { ...pubsub, isDead };
  }

  /** Handles a message, and calls `handled` at the end. */
  async function handle(member: Member, isDead: () => boolean, handled: () => void): Promise<void> {
    runs += 1;
    if (member.random.chance(0.1)) await member.clock.sleep(member.random.between(10, 800));
    if (isDead()) await new Promise(() => {});
    handled();
  }

  /** Notes that a handler begins. A message that its isolate has handled must not come again. */
  function begins(life: Life, reader: string, { id, streamId }: Message): Set<string> {
    const done = life.done.get(reader) ?? new Set();
    life.done.set(reader, done);
    if (done.has(id)) violations.add(`${id} (${streamId}) reached ${reader} in ${life.name} again`);
    return done;
  }

  async function publish(member: Member, life: Life): Promise<void> {
    const { random, isolate } = member;
    const pubsub = open(member, life);
    const channel = random.pick(channels);
    const data = random.chance(0.05) ? poison : ++runs;
    if (random.chance(0.1)) {
      const key = `k${random.between(1, 3)}`;
      const ids = once.get(key) ?? new Set();
      once.set(key, ids);
      await pubsub.publishOnce("once", key, { key }).then(({ id }) => ids.add(id), ignore);
      return;
    }
    const id = `p${member.createId()}`;
    const sentAt = world.now();
    const tell = ({ streamId }: { streamId: string }) => {
      isolate.note(`has published ${id}`);
      published.push({ id, streamId, data, sentAt, acknowledgedAt: world.now() });
    };
    // Any invocation polls along.
    if (random.chance(0.3)) pubsub.pollAlong(500);
    try {
      tell(await pubsub.publish(channel, data, { id }));
      // Some publishers miss the reply, and publish again.
      if (random.chance(0.1)) tell(await pubsub.publish(channel, data, { id }));
    } catch (error) {
      ignore(error);
      if (random.chance(0.5)) await pubsub.publish(channel, data, { id }).then(tell, ignore);
    }
  }

  function hear(life: Life, message: Message): void {
    begins(life, "the isolate", message).add(message.id);
    if (compareIds(message.streamId, life.last) < 0) {
      violations.add(`${message.streamId} came after ${life.last} to ${life.name}`);
    }
    life.last = message.streamId;
  }

  async function poll(member: Member, life: Life): Promise<void> {
    await open(member, life).poll().catch(ignore);
    life.from ??= life.state.places.get("main")?.cursor?.id;
  }

  async function visit(member: Member, life: Life): Promise<void> {
    const { clock, random } = member;
    const got = new Set<string>();
    let last = "0-0";
    const heard = async (message: Message): Promise<void> => {
      if (got.has(message.id)) violations.add(`${message.id} reached an invocation again`);
      got.add(message.id);
      if (compareIds(message.streamId, last) < 0) violations.add(`an invocation got ${message.streamId} after ${last}`);
      last = message.streamId;
      await handle(member, pubsub.isDead, () => {});
    };
    const pubsub = open(member, life, variant?.sharesPlace ? { [channels[0]]: heard, [channels[1]]: heard } : {});
    if (!variant?.sharesPlace) pubsub.subscribe("*", heard);
    const one: Visit = { life, from: Number.POSITIVE_INFINITY, until: 0, got, gaps: [] };
    pubsub.onGap((gap) => one.gaps.push(gap));
    visits.push(one);
    for (let polls = random.between(3, 8); polls > 0; polls--) {
      const sentAt = world.now();
      const { hasMore } = await pubsub.poll().catch((error: unknown) => (ignore(error), { hasMore: true }));
      if (one.from === Number.POSITIVE_INFINITY) {
        if (!hasMore) one.from = world.now();
      } else if (!hasMore) one.until = sentAt - (faults.stale > 0 ? lagMs : 0);
      await clock.sleep(random.between(100, 1_500));
    }
  }

  async function trim(member: Member): Promise<void> {
    await member.connect()().exec(["XTRIM", "t:b:main", "MAXLEN", 12]);
  }

  async function follow(member: Member, life: Life): Promise<void> {
    const pubsub = open(member, life);
    const subscriber = pubsub.subscriber("diary", { from: "oldest" });
    let last = "0-0";
    subscriber.subscribe("*", (message) => {
      if (compareIds(message.streamId, last) < 0)
        violations.add(`the subscriber got ${message.streamId} after ${last}`);
      last = message.streamId;
      return handle(member, pubsub.isDead, () => {
        if (firstSubscribed === undefined || compareIds(last, firstSubscribed) < 0) firstSubscribed = message.streamId;
        subscribed.add(message.id);
      });
    });
    await subscriber.poll().catch(ignore);
  }

  async function work(member: Member, life: Life): Promise<void> {
    const pubsub = open(member, life);
    const group = pubsub.group("workers", { maxDeliveries, retryMs, pageSize: 5 });
    group.subscribe("*", (message) => {
      const done = begins(life, "the group", message);
      if (message.data === poison) throw new Error("cannot be handled");
      return handle(member, pubsub.isDead, () => {
        done.add(message.id);
        worked.add(message.id);
      });
    });
    await group.poll().catch(ignore);
    if (member.random.chance(0.4)) await group.claim().catch(ignore);
    await group.flush().catch(ignore);
  }

  await world.runUntil(beginning + faultyMs);
  fleet.heal();
  await world.runUntil(beginning + faultyMs + settledMs);

  const entries = (key: string) =>
    server.primary.run(["XRANGE", key, "-", "+"], world.now()) as [id: string, fields: string[]][];
  const left = new Set(entries("t:b:main").map(([id]) => id));
  const letters = new Map(
    entries("t:bd:main:workers").map(([, fields]) => [fieldOf(fields, "i"), Number(fieldOf(fields, "n"))]),
  );
  const isWithin = (id: string) => (gap: Gap) => compareIds(id, gap.after) > 0 && compareIds(id, gap.before) < 0;
  for (const { id, streamId, data, sentAt, acknowledgedAt } of published) {
    for (const life of lives) {
      if (life.isOver || life.from === undefined || compareIds(streamId, life.from) <= 0) continue;
      if (life.done.get("the isolate")?.has(id)) continue;
      if (!life.gaps.some(isWithin(streamId))) count(`${id} (${streamId}) never reached ${life.name}`);
    }
    for (const one of visits) {
      if (sentAt < one.from || acknowledgedAt > one.until || one.got.has(id)) continue;
      if (!one.gaps.some(isWithin(streamId)))
        count(`${id} (${streamId}) never reached an invocation of ${one.life.name}`);
    }
    const isBefore = isTrimmed && (firstSubscribed === undefined || compareIds(streamId, firstSubscribed) < 0);
    if (!subscribed.has(id) && !isBefore && !gaps.some(isWithin(streamId))) {
      count(`${id} (${streamId}) never reached the subscriber`);
    }
    // A message trimmed before a worker read it is lost, as the contract says.
    if (!worked.has(id) && !letters.has(id) && (!isTrimmed || left.has(streamId))) {
      count(`${id} (${streamId}) was handled by no worker`);
    }
    if (data === poison && worked.has(id)) violations.add(`${id} was handled, which cannot be`);
  }
  for (const [id, deliveries] of letters) {
    if (deliveries < maxDeliveries) violations.add(`${id} was given up after ${deliveries} deliveries`);
  }
  for (const [key, ids] of once) if (ids.size > 1) count(`${key} was published as ${[...ids].join(", ")}`);
  if (gaps.length > 0 && !isTrimmed) count("a gap was reported where nothing was trimmed");
  return {
    violations: [...violations],
    exceptions: [...exceptions],
    timeline: world.timeline,
    figures: { published: published.length, runs, gaps: gaps.length, deadLetters: letters.size, lost: lost.length },
  };
}

// --- Internal helpers ---

/** Failures of Redis and unknown outcomes are expected; any other error is a bug. */
function ignore(error: unknown): void {
  const { name } = error as Error;
  if (!name.startsWith("Redis") && name !== "PublishUncertainError") throw error;
}

/** Returns the commands of an invocation that may die: then it sends no more, and gets no reply. */
function mortal(redis: RedisCommands, isDead: () => boolean, sends: () => void): RedisCommands {
  const never = new Promise(() => {});
  return new Proxy(redis, {
    get(target, name) {
      const command: unknown = Reflect.get(target, name);
      if (typeof command !== "function") return command;
      return async (...given: unknown[]): Promise<unknown> => {
        if (isDead()) return never;
        sends();
        try {
          const reply: unknown = await Reflect.apply(command, target, given);
          return isDead() ? await never : reply;
        } catch (error) {
          if (isDead()) await never;
          throw error;
        }
      };
    },
  });
}

const fieldOf = (fields: readonly string[], name: string): string => fields[fields.indexOf(name) + 1] ?? "";

type Exec = RedisCommands["exec"];

function createVariants(): Variant[] {
  return [
    { name: "shared cursor", sharesPlace: true },
    {
      name: "`$` cursor",
      door: (redis) =>
        replacing(redis, {
          exec: ((words: string[]) =>
            redis.exec((words[0] === "XREAD" ? [...words.slice(0, -1), "$"] : words) as [string])) as Exec,
        }),
    },
    {
      name: "acknowledged when read",
      door: (redis) =>
        replacing(redis, {
          exec: (async (words: string[]) => {
            const reply = await redis.exec<[string, [string, string[]][]][] | null>(words as [string]);
            const ids = words[0] === "XREADGROUP" ? (reply?.[0]?.[1] ?? []).map(([id]) => id) : [];
            if (ids.length > 0) await redis.exec(["XACK", words[7] ?? "", words[2] ?? "", ...ids]);
            return reply;
          }) as Exec,
        }),
    },
  ];
}
