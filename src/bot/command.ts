import type { ChatInputCommand } from "../discord/index.ts";
import type { Invocation } from "../invocation.ts";

/** Declares one of the bot's commands; the handler gets the interaction and the invocation it runs in. */
export const command = (definition: ChatInputCommand<Invocation>): ChatInputCommand<Invocation> => definition;
