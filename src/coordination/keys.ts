/** The keys of leases and groups. Each begins with the deployment's prefix. */
export interface CoordinationKeys {
  /** String with a life: the holder of the lease. */
  lease(name: string): string;
  /** Stream of one entry, without expiry: its id is the newest fencing token, its field the value of that token's lease. */
  tokens(name: string): string;
  /** Hash whose fields expire: the members of a group. */
  members(group: string): string;
}

export const createKeys = (prefix: string): CoordinationKeys => ({
  lease: (name) => `${prefix}l:${name}`,
  tokens: (name) => `${prefix}le:${name}`,
  members: (group) => `${prefix}m:${group}`,
});
