export type { Shown } from "./shown.ts";
export { type Person, type Sim, type SimOptions, startSim } from "./sim.ts";
