import { start } from "./start.ts";

// `npm run playground`: Discord in a browser tab for a bot of any framework.

await start(async () => (await import("./playground/command.ts")).playground);
