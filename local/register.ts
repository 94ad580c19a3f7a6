import { start } from "./start.ts";

// `npm run register`: makes the commands at Discord equal to the declared ones, changing only what differs.

await start(async () => (await import("./register/command.ts")).register);
