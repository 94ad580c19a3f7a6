import type { APIInteraction } from "discord-api-types/v10";
import { ephemeral, type Outgoing, toCallback } from "../answer.ts";
import { callbackType, commandType, interactionType } from "../constants.ts";
import type { Guard } from "../guards/guard.ts";
import type { RawInteraction } from "../interaction/base.ts";
import { cut } from "../text.ts";
import { choices, suggest } from "./autocomplete.ts";
import { Exchange } from "./exchange.ts";
import type { Hooks } from "./hooks.ts";
import type { RouterServices } from "./services.ts";
import { checkStores, type Stores } from "./stores.ts";
import { createTable, type Declared, type Typed } from "./table.ts";

export interface RouterOptions<Services> extends Hooks<Services>, Stores<Services> {
  /** All commands, components and modals. */
  handlers: readonly Declared<Services>[];
  /** Asked before every handler's own. Default: none. */
  guards?: readonly Guard<Services>[];
}

/** Returns Discord's answer, from the result or the error of the interaction's handler. Never throws. */
export type Router<Services> = (interaction: APIInteraction, services: Services) => Outgoing | Promise<Outgoing>;

/**
 * Makes a router. To find a handler takes the same time however many there are. Throws a `DeclarationError` that names what two
 * handlers would answer, and what has no store to keep it. `checkHandlers` finds what Discord would refuse, and costs an isolate
 * no time.
 *
 * @example
 * const router = createRouter<Services>({
 *   handlers: [ping, vote, feedback],
 *   onError(error) {
 *     const reference = crypto.randomUUID().slice(0, 8);
 *     console.error(reference, error);
 *     return reference;
 *   },
 * });
 * const answer = (interaction) => router(interaction, services); // for `receiveInteraction`
 */
export function createRouter<Services extends RouterServices>({
  handlers,
  guards = [],
  ...hooks
}: RouterOptions<Services>): Router<Services> {
  const table = createTable(handlers);
  checkStores(table.entries, hooks);
  const around = { guards, ...hooks };

  async function complete(raw: RawInteraction, services: Services): Promise<Outgoing> {
    const startedAt = services.clock.now();
    let typed: Typed<Services> | undefined;
    let outcome: "ok" | "failed" = "ok";
    try {
      typed = table.findTyped(raw);
      return typed ? await suggest(typed, guards, raw, services) : choices([]);
    } catch (error) {
      outcome = "failed";
      hooks.onError(error, raw, services);
      return choices([]);
    } finally {
      const ms = services.clock.now() - startedAt;
      const handler = typed?.entry.name ?? "unknown";
      hooks.onDone?.({ handler, kind: "autocomplete", outcome, answerMs: ms, ms }, raw, services);
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
        if (!hit) {
          const kind = kinds[interaction.type];
          hooks.onMisfit?.(`no feature brings the ${kind} "${calledIn(interaction)}"`, interaction, services);
          hooks.onDone?.({ handler: "unknown", kind, outcome: "refused", answerMs: 0, ms: 0 }, interaction, services);
          return toCallback(ephemeral(unknownTo(interaction)));
        }
        return new Exchange(interaction, services, hit.entry, around).answer(hit.found);
      }
    }
  };
}

// --- Internal helpers ---

const kinds = {
  [interactionType.command]: "command",
  [interactionType.component]: "component",
  [interactionType.modal]: "modal",
} as const;

/** The name of a command, or the first segment of a custom_id: what follows may be a person's. */
const calledIn = ({ data }: RawInteraction): string =>
  (data as { name?: string }).name ?? String((data as { custom_id?: string }).custom_id).split("/", 1)[0] ?? "";

function unknownTo(interaction: RawInteraction): string {
  if (interaction.type !== interactionType.command) return "This button, menu or form is not available any more.";
  // Discord's names have no backticks, but a signed body may: the text must not leave its code span.
  const name = cut(interaction.data.name.replaceAll("`", "'"), 32);
  const shown = interaction.data.type === commandType.chatInput ? `/${name}` : name;
  return `This bot has no command \`${shown}\`. It may have been removed or renamed since you last saw it.`;
}
