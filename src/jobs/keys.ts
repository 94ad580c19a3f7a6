/** The keys of jobs. Each begins with the deployment's prefix. */
export interface JobKeys {
  /**
   * Sorted set: a job's due time, or the end of its claim. The fraction counts claims that were not settled, in
   * 1024ths.
   */
  due: string;
  /** Hash: a job's record. */
  records: string;
  /** Hash whose fields expire: jobs that were given up, with the reason. */
  dead: string;
  /** Sorted set: an owner's jobs by their due time. */
  owned(owner: string): string;
}

export const createKeys = (prefix: string): JobKeys => ({
  due: `${prefix}j:due`,
  records: `${prefix}j:jobs`,
  dead: `${prefix}j:dead`,
  owned: (owner) => `${prefix}j:of:${owner}`,
});
