import { feature } from "../kit.ts";
import { again, listButton, remind } from "./commands.ts";
import { deliver } from "./job.ts";

/** Reminders in a direct message, once or again and again. */
export const reminders = feature({
  name: "reminders",
  handlers: [remind, listButton, again],
  jobs: { remind: deliver },
});
