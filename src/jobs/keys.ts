/** Names of the jobs' keys, all behind the deployment's prefix. */
export interface JobKeys {
  /**
   * Sorted set: each job, and each wake-up, by when it is due or its claim ends. The fraction of a score counts claims that ended
   * unfinished, in 1024ths.
   */
  due: string;
  /** Hash: job to its record. */
  records: string;
  /** Hash whose fields expire: records that no version could read. */
  unreadable: string;
  /** Hash whose fields expire: an owner's jobs that were given up, with the reason. */
  dead(owner: string): string;
  /** Sorted set: the jobs of all owners that were given up, as `graveOf` names them, by when. */
  graves: string;
  /** Sorted set: an owner's jobs by when they are due. */
  owned(owner: string): string;
}

export const createKeys = (prefix: string): JobKeys => ({
  due: `${prefix}j:due`,
  records: `${prefix}j:jobs`,
  unreadable: `${prefix}j:unreadable`,
  dead: (owner) => `${prefix}j:dead:${owner}`,
  graves: `${prefix}j:dead`,
  owned: (owner) => `${prefix}j:of:${owner}`,
});

/** Returns the member of `graves` that stands for a job. */
export const graveOf = ({ owner, id }: { owner: string; id: string }): string => `${owner}\n${id}`;

/** Returns the owner and the id that a member of `graves` stands for. */
export function readGrave(grave: string): { owner: string; id: string } {
  const at = grave.indexOf("\n");
  return { owner: grave.slice(0, at), id: grave.slice(at + 1) };
}

/** Returns the member of `due` that stands for a wake-up: no job's id begins like that. */
export const wakeId = (name: string): string => `~${name}`;

/** Returns the name of the wake-up that a member of `due` stands for; `undefined` for a job. */
export const wakeName = (id: string): string | undefined => (id.startsWith("~") ? id.slice(1) : undefined);
