import type { From, PickedFile, Simulator, Transcript } from "../discord/index.ts";
import { type Shown, show } from "./shown.ts";

/**
 * A person in a channel. Each action resolves with what the person then sees. It throws where Discord's client would
 * not allow the action, and where Discord would show "The application did not respond", with the reason.
 */
export interface Person {
  /**
   * Sends a slash command. A value reaches up to the next option's name; quotes keep such a name in a value.
   *
   * @param files Files for the options of type attachment, by the option's name.
   * @example
   * const shown = await sim.command("/remind me in:10m about:a cup of tea");
   * expect(shown.text).toContain("a cup of tea");
   */
  command(line: string, files?: Readonly<Record<string, PickedFile>>): Promise<Shown>;
  /**
   * Returns the names of the choices that Discord offers while the last option of the line is being typed.
   *
   * @example
   * expect(await sim.complete("/help command:re")).toContain("remind me");
   */
  complete(line: string): Promise<string[]>;
  /**
   * Runs a command from the context menu of a user.
   *
   * @example
   * const card = await sim.userCommand("Who is", "linus");
   */
  userCommand(name: string, target: string): Promise<Shown>;
  /**
   * Runs a command from the context menu of a message.
   *
   * @example
   * const { id } = await sim.command("/ping");
   * const quoted = await sim.messageCommand("Quote", id);
   */
  messageCommand(name: string, messageId: string): Promise<Shown>;
  /**
   * Returns the same person in another channel: `#name`, a channel's ID, `dm` (direct messages with the bot) or
   * `group-dm`.
   *
   * @example
   * await sim.in("dm").command("/ping");
   */
  in(channel: string): Person;
}

/** Returns a person who acts in a simulator. */
export function createPerson(discord: Simulator, from: From): Person {
  const shown = (transcript: Transcript) => show(discord, from, transcript);
  return {
    command: async (line, files) => shown(await discord.command(line, from, files)),
    async complete(line) {
      const { answer, problems } = await discord.autocomplete(line, from);
      if (answer.kind !== "choices")
        throw new Error(problems.join("\n") || `The answer to ${line} is "${answer.kind}".`);
      return answer.choices.map(({ name }) => name);
    },
    userCommand: async (name, target) => shown(await discord.userCommand(name, target, from)),
    messageCommand: async (name, messageId) => shown(await discord.messageCommand(name, messageId, from)),
    in: (channel) => createPerson(discord, { ...from, channel }),
  };
}
