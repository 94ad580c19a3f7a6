/** Names of the sessions' keys, all behind the deployment's prefix. */
export interface SessionKeys {
  session(id: string): string;
  /** The ids of an owner's sessions. */
  roster(owner: string): string;
  /** Everybody who has a roster: a sorted set, all scores 0, so that it can be walked in order of its members. */
  owners: string;
}

export const createKeys = (prefix: string): SessionKeys => ({
  session: (id) => `${prefix}s:${id}`,
  roster: (owner) => `${prefix}su:${owner}`,
  owners: `${prefix}so`,
});
