import type { APIChatInputApplicationCommandInteraction } from "discord-api-types/v10";
import type { Reply } from "./reply.ts";

/** A slash command: its declaration and its handler in one place. `Services` is what the bot hands to its handlers. */
export interface ChatInputCommand<Services> {
  /** As registered at Discord: 1 to 32 lower-case letters, digits, `-` or `_`. */
  name: string;
  /** 1 to 100 characters. */
  description: string;
  /** Returns the answer; what it throws reaches the person as a message with a reference. */
  run(interaction: APIChatInputApplicationCommandInteraction, services: Services): Reply | Promise<Reply>;
}
