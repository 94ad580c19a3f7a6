import { installed, removed } from "./installs.ts";

/** What happens at Discord's webhook events: add a file beside this one, and its handlers here. */
export const events = [installed, removed];
