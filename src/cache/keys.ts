/** Names of the cache's keys, all behind the deployment's prefix. */
export interface CacheKeys {
  /** One entry, or a filler's claim to it. */
  entry(namespace: string, id: string): string;
  /** Who refreshes an entry that is still being served. */
  refresh(entryKey: string): string;
  /** How often a tag was invalidated; missing is never. */
  generation(tag: string): string;
  counter(namespace: string, id: string): string;
}

export const createKeys = (prefix: string): CacheKeys => ({
  entry: (namespace, id) => `${prefix}c:${namespace}:${id}`,
  refresh: (entryKey) => `${entryKey}:r`,
  generation: (tag) => `${prefix}v:${tag}`,
  counter: (namespace, id) => `${prefix}cn:${namespace}:${id}`,
});

/** The tag that every entry has. */
export const everything = "*";
