import { createRouter, type Router } from "../discord/index.ts";
import type { Invocation } from "../invocation.ts";
import { errorFields } from "../log.ts";
import { commands } from "./commands/index.ts";

/** The bot: its commands, and what happens when one of them fails. */
export const createBot = (): Router<Invocation> =>
  createRouter({
    commands,
    onError(error, interaction, { log }) {
      const reference = crypto.randomUUID().slice(0, 8);
      log("error", "handler failed", { reference, interaction: interaction.id, ...errorFields(error) });
      return reference;
    },
  });
