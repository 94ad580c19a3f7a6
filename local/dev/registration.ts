import { DiscordError, type Simulator } from "../discord/index.ts";
import type { CommandBody } from "./commands.ts";
import { findDeclaration } from "./find-declaration.ts";
import { createMistake, type Mistake, titles } from "./mistake.ts";

const entryPoint = 4;

/**
 * Makes the simulator's commands equal to the declared ones. Returns the reason if Discord refuses them: then those of before
 * stay. An entry-point command stays, as Discord has it, when it is no longer declared.
 */
export function registerCommands(
  discord: Pick<Simulator, "commands" | "registerCommands">,
  commands: readonly CommandBody[],
  { root, saved }: { root: string; saved: readonly string[] },
): Mistake | undefined {
  const isDeclared = commands.some(({ type }) => type === entryPoint);
  const kept = isDeclared ? [] : discord.commands().filter(({ type }) => type === entryPoint);
  try {
    discord.registerCommands([...commands, ...kept]);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    const sentences = error.fields.map(({ path, message }) => {
      const [index = "", ...field] = path.split(".");
      return `Discord refuses "${commands[Number(index)]?.name}": ${[...field, message].join(": ")}`;
    });
    const text = sentences.length > 0 ? sentences.join("\n") : `Discord refuses the commands: ${error.message}`;
    return createMistake(titles.commands, text, findDeclaration(root, text, saved));
  }
}
