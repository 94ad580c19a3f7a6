import { compareAndSet, RedisReplyError, RedisUnknownOutcomeError } from "../redis/index.ts";
import type { Host } from "./context.ts";
import { claimText, type Envelope, failureText, readStored, type Stored, writeEnvelope } from "./envelope.ts";
import type { Policy } from "./policy.ts";

/** What stands at a key, beside the generations of its tags read in the same command. */
export interface Found<T> {
  stored: Stored<T>;
  generations: string;
  /** Set when the key is ours to fill: what stands there now. */
  claim?: string;
}

/** L2: entries in Redis, and who may write them. Every method is 1 command in 1 round trip unless it says otherwise. */
export interface Shelf<T> {
  read(key: string, tags: readonly string[]): Promise<Found<T>>;
  /** All of them in 1 command. */
  readMany(keys: readonly string[], tags: readonly (readonly string[])[]): Promise<Found<T>[]>;
  /** Claims a key, for entries without tags in the command that reads it. */
  claim(key: string, found: Pick<Found<T>, "stored" | "generations">, tags: readonly string[]): Promise<Found<T>>;
  /** Claims the refreshing of an entry that is still served; false when somebody else does it. */
  claimRefresh(key: string): Promise<boolean>;
  /** Replaces a claim, or the value that was refreshed; false when neither stands there any more: the fill comes too late. */
  fill(key: string, expected: string, envelope: Omit<Envelope<T>, "kind" | "text">): Promise<boolean>;
  /** Tells everybody for a moment that the fetcher failed. */
  fail(key: string, expected: string, reason: string): Promise<boolean>;
}

export function createShelf<T>(host: Host, policy: Policy<T>): Shelf<T> {
  const { serializer, claimMs, failureMs } = policy;
  const found = (text: string | null, generations: readonly (string | null)[]): Found<T> => ({
    stored: readStored(text, serializer),
    generations: joined(generations),
  });

  async function read(key: string, tags: readonly string[]): Promise<Found<T>> {
    if (tags.length === 0) return found(await host.redis().get<string>(key), []);
    const [text = null, ...generations] = await mget([key, ...tags.map(host.keys.generation)]);
    return found(text, generations);
  }

  const mget = (keys: readonly string[]) => host.redis().mget<(string | null)[]>(...keys);

  async function claimFree(key: string, generations: string, tags: readonly string[]): Promise<Found<T>> {
    const mine = claimText(host.createId());
    try {
      const set = host.redis().set(key, mine, { nx: true, get: true, px: claimMs });
      const standing = await set;
      if (standing === null) return { stored: { kind: "nothing" }, generations, claim: mine };
      return { stored: readStored(standing, serializer), generations };
    } catch (error) {
      if (error instanceof RedisReplyError && error.reply === "WRONGTYPE") {
        // Another kind of value: nothing of ours, and in the way of all that would be.
        await host.redis().unlink(key);
        return { stored: { kind: "rubbish" }, generations };
      }
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
      const after = await read(key, tags);
      return after.stored.kind === "claim" && after.stored.text === mine ? { ...after, claim: mine } : after;
    }
  }

  return {
    read,
    async readMany(keys, tags) {
      const names = [...new Set(tags.flat())];
      const replies = await mget([...keys, ...names.map(host.keys.generation)]);
      const generations = new Map(names.map((name, index) => [name, replies[keys.length + index] ?? null]));
      return keys.map((_key, index) =>
        found(
          replies[index] ?? null,
          (tags[index] ?? []).map((name) => generations.get(name) ?? null),
        ),
      );
    },
    async claim(key, { stored, generations }, tags) {
      if (!("text" in stored) || stored.text === undefined) return claimFree(key, generations, tags);
      const mine = claimText(host.createId());
      const isMine = await compareAndSet(host.redis(), { key, value: mine, expected: stored.text, px: claimMs });
      return isMine ? { stored, generations, claim: mine } : read(key, tags);
    },
    async claimRefresh(key) {
      const set = host.redis().set(host.keys.refresh(key), host.createId(), { nx: true, px: claimMs });
      return (await set) !== null;
    },
    fill(key, expected, envelope) {
      const px = Math.max(1, Math.ceil(envelope.serveUntil - host.now()));
      return compareAndSet(host.redis(), { key, expected, value: writeEnvelope(envelope, serializer), px });
    },
    fail: (key, expected, reason) =>
      compareAndSet(host.redis(), { key, expected, value: failureText(reason), px: failureMs }),
  };
}

/** Generations as they stand in an envelope; a tag never invalidated is at 0. */
export const joined = (generations: readonly (string | null)[]): string =>
  generations.map((generation) => generation ?? "0").join(",");
