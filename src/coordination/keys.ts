/** Names of a group's keys, all behind the deployment's prefix. */
export interface CoordinationKeys {
  /** Who holds the lease of this name. */
  lease(name: string): string;
  /** The newest fencing token of this name; never expires. */
  token(name: string): string;
  /** The members of a group. */
  members(group: string): string;
}

export const createKeys = (prefix: string): CoordinationKeys => ({
  lease: (name) => `${prefix}l:${name}`,
  token: (name) => `${prefix}le:${name}`,
  members: (group) => `${prefix}m:${group}`,
});
