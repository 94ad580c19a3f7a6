export { createDiscordSimulator } from "./create-simulator.ts";
export { DiscordError } from "./errors.ts";
export { LineError } from "./interactions/line-error.ts";
export type { Entered } from "./interactions/modals.ts";
export type { PickedFile } from "./interactions/picked-files.ts";
export type { Answer } from "./interactions/record.ts";
export { createSigningKeys, type SigningKeys } from "./keys.ts";
export type { From } from "./people.ts";
export type { Served, Simulator, SimulatorOptions, Transcript } from "./simulator.ts";
