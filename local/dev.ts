import { start } from "./start.ts";

// `npm run dev`: the Worker, Redis and Discord on this machine. See the README, "Running it".

await start(async () => (await import("./dev/command.ts")).dev);
