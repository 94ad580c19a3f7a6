import { commandContext, createKit, installation } from "../discord/index.ts";
import type { Invocation } from "../runtime/index.ts";
import { createWizardKit } from "../wizard/index.ts";

/**
 * The functions that declare this bot's commands, components, forms and events. Handlers get the interaction and the services of
 * its invocation.
 */
export const {
  command,
  commandTree,
  subcommand,
  subcommandGroup,
  userCommand,
  messageCommand,
  entryPoint,
  component,
  modal,
  event,
} = createKit<Invocation>();

/** For commands that work in every conversation, whether the server or the person installed the application. */
export const everywhere = {
  contexts: [commandContext.guild, commandContext.botDm, commandContext.privateChannel],
  integration_types: [installation.guild, installation.user],
};

/** Declares forms of several steps, whose state survives the isolate. */
export const wizard = createWizardKit<Invocation>();

export { feature } from "../runtime/index.ts";
