import type { APIInteraction } from "discord-api-types/v10";
import { ephemeral, type Outgoing, toCallback } from "../answer.ts";
import { callbackType, commandType, interactionType } from "../constants.ts";
import { checkCommands } from "../declare/check.ts";
import { commandBody } from "../declare/command-body.ts";
import type { Guard } from "../guards/guard.ts";
import type { RawInteraction } from "../interaction/base.ts";
import { choices, suggest } from "./autocomplete.ts";
import { Exchange } from "./exchange.ts";
import type { Hooks } from "./hooks.ts";
import type { RouterServices } from "./services.ts";
import { checkStores, type Stores } from "./stores.ts";
import { commandsOf, createTable, type Declared } from "./table.ts";

export interface RouterOptions<Services> extends Hooks<Services>, Stores<Services> {
  /** Everything that was declared: commands, components, modals. */
  handlers: readonly Declared<Services>[];
  /** Asked before every handler. */
  guards?: readonly Guard<Services>[];
}

/** Finds the handler and turns what it returns, or throws, into Discord's answer. Never throws. */
export type Router<Services> = (interaction: APIInteraction, services: Services) => Outgoing | Promise<Outgoing>;

/**
 * Indexes what is declared, so that finding a handler costs the same whatever their number. Throws a `DeclarationError` that
 * names everything that Discord would refuse, or that could not be kept.
 */
export function createRouter<Services extends RouterServices>({
  handlers,
  guards = [],
  ...hooks
}: RouterOptions<Services>): Router<Services> {
  checkCommands(commandsOf(handlers).map(commandBody));
  const table = createTable(handlers);
  checkStores(table.entries, hooks);
  const around = { guards, ...hooks };

  async function complete(raw: RawInteraction, services: Services): Promise<Outgoing> {
    try {
      const typed = table.findTyped(raw);
      return typed ? await suggest(typed, guards, raw, services) : choices([]);
    } catch (error) {
      hooks.onError(error, raw, services);
      return choices([]);
    }
  }

  return (interaction, services) => {
    switch (interaction.type) {
      case interactionType.ping:
        return { type: callbackType.pong };
      case interactionType.autocomplete:
        return complete(interaction, services);
      default: {
        const hit = table.find(interaction);
        if (!hit) return toCallback(ephemeral(unknownTo(interaction)));
        return new Exchange(interaction, services, hit.entry, around).answer(hit.found);
      }
    }
  };
}

// --- Internal helpers ---

function unknownTo(interaction: RawInteraction): string {
  if (interaction.type !== interactionType.command) return "This button, menu or form is not available any more.";
  // Discord's names hold no backticks, but a signed body may: the text is cut and cannot leave its code span.
  const name = interaction.data.name.replaceAll("`", "'").slice(0, 32);
  const shown = interaction.data.type === commandType.chatInput ? `/${name}` : name;
  return `This bot has no command \`${shown}\`. It may have been removed or renamed since you last saw it.`;
}
