/** The cache's keys. Each begins with the deployment's prefix. */
export interface CacheKeys {
  /** Returns the key of an entry. It holds a value, the claim of an isolate that fetches one, or the failure of a fetch. */
  entry(kind: string, id: string): string;
  /** Returns the key of the claim to refresh an entry that is still served. */
  refresh(entryKey: string): string;
  /** Returns the key that counts how often a tag was invalidated. A missing key means never. */
  generation(tag: string): string;
  /** Returns the key of a counter. */
  counter(kind: string, id: string): string;
}

export const createKeys = (prefix: string): CacheKeys => ({
  entry: (kind, id) => `${prefix}c:${kind}:${id}`,
  // Not behind the entry's key: an id may end in anything.
  refresh: (entryKey) => `${prefix}cr:${entryKey.slice(`${prefix}c:`.length)}`,
  generation: (tag) => `${prefix}v:${tag}`,
  counter: (kind, id) => `${prefix}cn:${kind}:${id}`,
});

/** The tag that every tagged entry has. */
export const everything = "*";
/**
 * Returns the name under which an entry has a tag from `tagsOf`. The names of kinds are tags too, as is `*`: a tag that could be
 * one of those is marked.
 */
export const ownTag = (tag: string): string => (/^(?:[\w-]{1,32}|\*|tag:.*)$/s.test(tag) ? `tag:${tag}` : tag);
