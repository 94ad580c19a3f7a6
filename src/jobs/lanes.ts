/** Runs a task once one of a number of lanes is free, first come first served. */
export type Lanes = <T>(task: () => Promise<T>) => Promise<T>;

/** Makes lanes for one invocation: no more than `width` tasks run side by side. */
export function createLanes(width: number): Lanes {
  const waiting: (() => void)[] = [];
  let free = width;
  return async function inLane(task) {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The lane goes to the next in line, or is free.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
