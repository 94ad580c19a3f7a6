import { join } from "node:path";
import { runHere } from "./command-line.ts";
import { createSetup } from "./setup/command.ts";

// `npm run setup`: from a bot token and a database to a bot that answers.

await runHere(createSetup(join(import.meta.dirname, "..")));
