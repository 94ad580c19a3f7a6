/** The keys of sessions, all behind the deployment's prefix. */
export interface SessionKeys {
  session(id: string): string;
  /** The ids of an owner's sessions. */
  ownerList(owner: string): string;
}

export const createKeys = (prefix: string): SessionKeys => ({
  session: (id) => `${prefix}s:${id}`,
  ownerList: (owner) => `${prefix}su:${owner}`,
});
