/** Names of the jobs' keys, all behind the deployment's prefix. */
export interface JobKeys {
  /** Sorted set: job to when it is due, or to when its claim ends. The fraction counts claims that were not finished, in 1024ths. */
  due: string;
  /** Hash: job to its record. */
  records: string;
  /** Hash whose fields expire: jobs given up, with the reason. */
  dead: string;
  /** Sorted set: an owner's jobs by when they are due. */
  owned(owner: string): string;
}

export const createKeys = (prefix: string): JobKeys => ({
  due: `${prefix}j:due`,
  records: `${prefix}j:jobs`,
  dead: `${prefix}j:dead`,
  owned: (owner) => `${prefix}j:of:${owner}`,
});
