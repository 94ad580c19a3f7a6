import { join } from "node:path";
import { start } from "./start.ts";

// `npm run doctor`: is this deployment right? A line for each check, with its cure.

await start(async () => (await import("./doctor/command.ts")).createDoctor(join(import.meta.dirname, "..")));
