import type {
  APIApplicationCommandInteraction,
  APIChatInputApplicationCommandInteraction,
  APIInteraction,
  APIInteractionResponse,
} from "discord-api-types/v10";
import type { ChatInputCommand } from "./command.ts";
import { callbackType, commandType, interactionType } from "./constants.ts";
import { ephemeral, messageCallback } from "./reply.ts";

export interface RouterOptions<Services> {
  commands: readonly ChatInputCommand<Services>[];
  /** Told of a handler's failure; gives back the reference that the person is shown. */
  onError(error: unknown, interaction: APIInteraction, services: Services): string;
}

/** Finds the handler and turns what it returns, or throws, into Discord's answer. Never throws. */
export type Router<Services> = (
  interaction: APIInteraction,
  services: Services,
) => APIInteractionResponse | Promise<APIInteractionResponse>;

export function createRouter<Services>({ commands, onError }: RouterOptions<Services>): Router<Services> {
  const byName = new Map(commands.map((command) => [command.name, command]));

  async function runCommand(interaction: APIApplicationCommandInteraction, services: Services) {
    const command = isChatInput(interaction) ? byName.get(interaction.data.name) : undefined;
    if (!command || !isChatInput(interaction)) {
      return sorry(
        `This bot has no ${nameOf(interaction)}. It may have been removed or renamed since you last saw it.`,
      );
    }
    try {
      return messageCallback(await command.run(interaction, services));
    } catch (error) {
      return sorry(
        `Something went wrong. If you tell the bot's developers, mention \`${onError(error, interaction, services)}\`.`,
      );
    }
  }

  return (interaction, services) => {
    switch (interaction.type) {
      case interactionType.ping:
        return { type: callbackType.pong };
      case interactionType.command:
        return runCommand(interaction, services);
      case interactionType.autocomplete:
        return { type: callbackType.choices, data: { choices: [] } };
      default:
        return sorry("This button, menu or form is not available any more.");
    }
  };
}

// --- Internal helpers ---

const isChatInput = (
  interaction: APIApplicationCommandInteraction,
): interaction is APIChatInputApplicationCommandInteraction => interaction.data.type === commandType.chatInput;

const sorry = (text: string): APIInteractionResponse => messageCallback(ephemeral(text));

/** Discord's names hold no backticks, but a signed body may: the text is cut and cannot leave its code span. */
function nameOf(interaction: APIApplicationCommandInteraction): string {
  const name = interaction.data.name.replaceAll("`", "'").slice(0, 32);
  return isChatInput(interaction) ? `command \`/${name}\`` : `command \`${name}\``;
}
