// The whole bot, as it is deployed.
export { default } from "../../../src/worker.ts";
