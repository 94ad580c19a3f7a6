export type { Entered, From, PickedFile, Simulator, Transcript } from "../discord/index.ts";
export type { Fault, RedisRestServer } from "../redis/index.ts";
export { problemsOfCallback, problemsOfCommand } from "./discord-api-spec/spec.ts";
export type { SimOptions } from "./options.ts";
export type { Person } from "./person.ts";
export type { Shown } from "./shown.ts";
export { type Sim, startSim } from "./sim.ts";
export { createWorld, type InvocationRecord, type World, type WorldOptions } from "./world.ts";
