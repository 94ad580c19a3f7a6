/** Runs the tasks of one lane in turn, and up to `width` lanes side by side. Returns their results as they came. */
export async function inLanes<T, R>(
  items: readonly T[],
  laneOf: (item: T) => string,
  run: (item: T) => Promise<R>,
  width: number,
): Promise<R[]> {
  const lanes = [...Map.groupBy(items, laneOf).values()];
  const results: R[] = [];
  async function work(): Promise<void> {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const item of lane) results.push(await run(item));
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, lanes.length) }, work));
  return results;
}
