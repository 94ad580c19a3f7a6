import { join } from "node:path";
import { start } from "./start.ts";

// `npm run setup`: from a bot token and a database to a bot that answers.

await start(async () => (await import("./setup/command.ts")).createSetup(join(import.meta.dirname, "..")));
