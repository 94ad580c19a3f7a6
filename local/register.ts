import { runHere } from "./command-line.ts";
import { register } from "./register/command.ts";

// `npm run register`: makes the commands at Discord equal to the declared ones, changing only what differs.

await runHere(register);
