import { ping } from "./ping.ts";

/** Every command of the bot: add a file beside this one, and its name here. */
export const commands = [ping];
