export { DiscordError } from "./errors.ts";
export { LineError } from "./interactions/parse-line.ts";
export type { Answer } from "./interactions/record.ts";
export { createSigningKeys, type SigningKeys } from "./keys.ts";
export {
  createDiscordSimulator,
  type From,
  type Simulator,
  type SimulatorOptions,
  type Transcript,
} from "./simulator.ts";
