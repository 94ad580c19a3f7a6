import { compareAndSet, RedisReplyError, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { CacheContext } from "./context.ts";
import { claimText, type Envelope, failureText, readStored, redisLifeMs, type Stored } from "./envelope.ts";
import type { CacheKind } from "./kind.ts";

/** The content of a key, with the generations of its tags read in the same command. */
export interface Found<T> {
  stored: Stored<T>;
  generations: string;
  /** When the read was sent: the content is no newer than that. */
  readAt: number;
  /** The isolate's count of invalidations then. */
  sequence: number;
  /** Set when this isolate holds the claim to fill the key: the text that the fill replaces. */
  claim?: string;
}

/** L2: entries in Redis, and the right to write them. Each method costs 1 command in 1 round trip. */
export interface L2<T> {
  read(key: string, tags: readonly string[]): Promise<Found<T>>;
  /** Reads several keys with one command. Returns a promise for each. */
  readMany(wanted: readonly { key: string; tags: readonly string[] }[]): Promise<Found<T>>[];
  /**
   * Claims a key, so that other isolates wait for this one's fetch. `found` is the last read; without it the key is read and
   * claimed in one command, which only entries without tags allow. Returns what was found instead, when the claim fails.
   */
  claim(key: string, tags: readonly string[], found?: Found<T>): Promise<Found<T>>;
  /** Claims the refresh of an entry that is still served. Returns false when another isolate has that claim. */
  claimRefresh(key: string): Promise<boolean>;
  /** Replaces a claim, or the value that was refreshed. Returns false when the key has changed since: the fill comes too late. */
  fill(key: string, expected: string, envelope: Envelope<T>): Promise<boolean>;
  /** Replaces a claim by the reason why the fetch failed, for `failureMs`. Returns false when the key has changed since. */
  fail(key: string, expected: string, reason: string): Promise<boolean>;
}

export function createL2<T>(context: CacheContext, { serializer, claimMs, failureMs }: CacheKind<T>): L2<T> {
  const { keys, clock, state, redis, createId } = context;
  const startRead = () => ({ readAt: clock.now(), sequence: state.sequence });
  const nothing = (): Found<T> => ({ stored: { kind: "nothing" }, generations: "", ...startRead() });

  /** MGET even for one key: a value of another type is an error to GET, and nothing to MGET. */
  const readTexts = async (names: readonly string[]) => redis().mget<(string | null)[]>(...names);

  async function read(key: string, tags: readonly string[]): Promise<Found<T>> {
    const start = startRead();
    const [text = null, ...generations] = await readTexts([key, ...tags.map(keys.generation)]);
    return { stored: readStored(text, serializer), generations: joined(generations), ...start };
  }

  function readMany(wanted: readonly { key: string; tags: readonly string[] }[]): Promise<Found<T>>[] {
    const start = startRead();
    const names = [...new Set(wanted.flatMap(({ tags }) => tags))];
    const reading = readTexts([...wanted.map(({ key }) => key), ...names.map(keys.generation)]).then((texts) => ({
      texts,
      generations: new Map(names.map((name, index) => [name, texts[wanted.length + index] ?? null])),
    }));
    return wanted.map(async ({ tags }, index) => {
      const { texts, generations } = await reading;
      return {
        stored: readStored(texts[index] ?? null, serializer),
        generations: joined(tags.map((tag) => generations.get(tag) ?? null)),
        ...start,
      };
    });
  }

  async function claimFree(key: string, tags: readonly string[], found: Found<T>): Promise<Found<T>> {
    const claim = claimText(createId());
    try {
      const set = redis().set(key, claim, { nx: true, get: true, px: claimMs });
      const text = await set;
      // The generations were read before: so the text counts as no newer than they are.
      return text === null ? { ...found, claim } : { ...found, stored: readStored(text, serializer) };
    } catch (error) {
      if (error instanceof RedisReplyError && error.reply === "WRONGTYPE") {
        // A list, say: nothing of the cache, and in the way of every value.
        await redis().unlink(key);
        return { ...found, stored: { kind: "unreadable" } };
      }
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
      const after = await read(key, tags);
      return after.stored.kind === "claim" && after.stored.text === claim ? { ...after, claim } : after;
    }
  }

  return {
    read,
    readMany,
    async claim(key, tags, found = nothing()) {
      const { text } = found.stored;
      if (text === undefined) return claimFree(key, tags, found);
      const claim = claimText(createId());
      const isMine = await compareAndSet(redis(), { key, value: claim, expected: text, px: claimMs });
      return isMine ? { ...found, claim } : read(key, tags);
    },
    async claimRefresh(key) {
      const set = redis().set(keys.refresh(key), createId(), { nx: true, px: claimMs });
      return (await set) !== null;
    },
    fill: async (key, expected, envelope) =>
      compareAndSet(redis(), { key, expected, value: envelope.text, px: redisLifeMs(envelope, clock.now()) }),
    fail: async (key, expected, reason) =>
      compareAndSet(redis(), { key, expected, value: failureText(reason), px: failureMs }),
  };
}

/** Returns generations as an envelope holds them. A tag that was never invalidated is at 0. */
export const joined = (generations: readonly (string | null)[]): string =>
  generations.map((generation) => generation ?? "0").join(",");
