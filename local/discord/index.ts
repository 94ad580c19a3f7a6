export { DiscordError } from "./errors.ts";
export { LineError } from "./interactions/line-error.ts";
export type { Entered } from "./interactions/modals.ts";
export type { PickedFile } from "./interactions/picked-files.ts";
export type { Answer } from "./interactions/record.ts";
export { createSigningKeys, type SigningKeys } from "./keys.ts";
export type { From } from "./people.ts";
export {
  createDiscordSimulator,
  type Simulator,
  type SimulatorOptions,
  type Transcript,
} from "./simulator.ts";
