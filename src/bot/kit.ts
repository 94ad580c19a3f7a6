import { createKit } from "../discord/index.ts";
import type { Invocation } from "../invocation.ts";
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

/** Forms of several steps, whose state survives the isolate. */
export const wizard = createWizardKit<Invocation>();
