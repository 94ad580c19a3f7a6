import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";

/**
 * The clock of the machine. The Worker's own clock is not imported: while a file of the Worker holds a mistake, the simulator
 * must still start.
 */
export const machineClock: Context["clock"] = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};
