import { join } from "node:path";
import { runHere } from "./command-line.ts";
import { createDoctor } from "./doctor/command.ts";

// `npm run doctor`: is this deployment right? A line for each check, with its cure.

await runHere(createDoctor(join(import.meta.dirname, "..")));
