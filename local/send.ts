import { runHere } from "./command-line.ts";
import { send } from "./send/command.ts";

// `npm run send`: one action of a person in the running simulator, and what that person sees.

await runHere(send);
