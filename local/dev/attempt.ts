import type { CommandBody, ReadCommands } from "./commands.ts";
import { type Mistake, titles } from "./mistake.ts";
import type { Built, RunningWorker } from "./worker-host.ts";

/** A Worker with the commands that it declares, or the reason why there is none. */
export type Found = { worker: RunningWorker; commands: readonly CommandBody[] } | { mistake: Mistake };

/**
 * Builds the Worker and reads its commands at once. The build has the last word on files that cannot be read, the reading on
 * code that fails when it runs: neither is awaited once the other has it.
 */
export function attempt(building: Promise<Built>, reading: Promise<ReadCommands>): Promise<Found> {
  const { promise, resolve } = Promise.withResolvers<Found>();
  void building.then((built) => {
    if ("mistake" in built && built.mistake.title !== titles.start) resolve(built);
  });
  void reading.then((read) => {
    if ("mistake" in read && read.isOfCode) resolve(read);
  });
  void Promise.all([building, reading]).then(([built, read]) => {
    if ("mistake" in read) discard(built);
    if ("mistake" in built) resolve(built);
    else resolve("mistake" in read ? read : { ...built, ...read });
  });
  return promise;
}

export function discard(found: Built): void {
  if ("worker" in found) found.worker.dispose();
}
