import { commandContext, createKit, installation } from "../discord/index.ts";
import type { Invocation } from "../runtime/index.ts";
import { createWizardKit } from "../wizard/index.ts";

/** What this bot's files are declared with; their handlers get the interaction and the invocation it runs in. */
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

/** For commands that work in every conversation, whether the server or only the person has the application. */
export const everywhere = {
  contexts: [commandContext.guild, commandContext.botDm, commandContext.privateChannel],
  integration_types: [installation.guild, installation.user],
};

/** Forms of several steps, whose state survives the isolate. */
export const wizard = createWizardKit<Invocation>();

export { feature } from "../runtime/index.ts";
