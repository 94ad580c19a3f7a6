import { ping } from "../../../src/bot/ping.ts";
import { createWorker } from "../../../src/runtime/index.ts";

// The runtime with one feature: what a bot costs before it has any other.

export default createWorker({ features: [ping] });
