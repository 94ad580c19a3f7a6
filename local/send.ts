import { start } from "./start.ts";

// `npm run send`: one action of a person in the running simulator, and what that person sees.

await start(async () => (await import("./send/command.ts")).send);
