import {
  type APIApplicationCommand,
  type APIMessage,
  ApplicationCommandType,
  InteractionType,
  ApplicationCommandOptionType as OptionType,
} from "discord-api-types/v10";
import type { Context } from "./context.ts";
import { offerOf } from "./interactions/availability.ts";
import {
  buildCommandData,
  buildInteraction,
  buildMessageData,
  buildUserData,
  findSender,
  namesOf,
  type Sender,
} from "./interactions/build.ts";
import { commandsFor } from "./interactions/commands-for.ts";
import { type GivenOption, readGiven } from "./interactions/given-options.ts";
import { LineError } from "./interactions/line-error.ts";
import { checkSize, keepPicked, type PickedFile } from "./interactions/picked-files.ts";
import { say } from "./messages/say.ts";
import { canView, isShownTo } from "./world/visibility.ts";
import { findMessage } from "./world/world.ts";

/** Who acts, and in which channel: IDs. */
export interface Place {
  userId: string;
  channelId: string;
}

/** Files by the name that the options hold. */
export type PickedFiles = ReadonlyMap<string, PickedFile>;

/** The payloads for what a person does with fields and lists in place of a typed line. All throw a `LineError`. */
export interface ActionsById {
  /** Returns the commands that the person's client offers in the channel, the server's before global ones. */
  offered(place: Place): APIApplicationCommand[];
  command(place: Place, commandId: string, options: readonly GivenOption[], files: PickedFiles): Promise<object>;
  complete(place: Place, commandId: string, options: readonly GivenOption[]): object;
  /** A command in the context menu of a user or of a message. */
  menu(place: Place, commandId: string, targetId: string): object;
  /** Posts what the person writes, and returns it. Nothing is sent to the Worker. */
  say(place: Place, text: string): APIMessage;
}

export function createActionsById(context: Context): ActionsById {
  const { world } = context;

  function senderOf({ userId, channelId }: Place): Sender {
    if (!canView(world, userId, channelId)) throw new LineError("That person cannot see that channel.");
    return findSender(context, { userId, channelId, locale: "en-US", isUserInstall: false });
  }

  /** Returns the command, and the person as the one who uses it: through the server's install if it is offered there. */
  function find(place: Place, commandId: string): { command: APIApplicationCommand; sender: Sender } {
    const sender = senderOf(place);
    const command = commandsFor(world, sender).find(({ id }) => id === commandId);
    if (!command) throw new LineError("This command is outdated, please try again in a few minutes");
    const offer = offerOf(command, sender);
    if (!offer) throw new LineError(`${sender.user.username} cannot use "${command.name}" here.`);
    return { command, sender: { ...sender, ...offer } };
  }

  return {
    say: (place, text) => say(context, senderOf(place), text),
    offered(place) {
      const sender = senderOf(place);
      const names = new Set<string>();
      return commandsFor(world, sender).filter((command) => {
        const name = `${command.type} ${command.name}`;
        if (names.has(name) || !offerOf(command, sender)) return false;
        names.add(name);
        return true;
      });
    },
    async command(place, commandId, options, files) {
      const { command, sender } = find(place, commandId);
      if (command.type === ApplicationCommandType.PrimaryEntryPoint)
        return buildInteraction(context, InteractionType.ApplicationCommand, sender, namesOf(command));
      if (command.type !== ApplicationCommandType.ChatInput)
        throw new LineError(`"${command.name}" is a command of a context menu.`);
      const kept = await Promise.all(
        leavesOf(options)
          .filter(({ type, value }) => type === OptionType.Attachment && value !== undefined)
          .map(async ({ name, value }) => {
            const file = files.get(String(value));
            if (!file) throw new LineError(`The option "${name}" takes a file.`);
            checkSize(file);
            return [name, await keepPicked(context, sender.channel.id, file)] as const;
          }),
      );
      const attachments = Object.fromEntries(kept);
      const ids = new Map(kept.map(([name, { id }]) => [name, id]));
      const where = { world, guild: sender.guild, attachments };
      const read = readGiven(withIds(options, ids), command.options ?? [], `/${command.name}`, where);
      const data = buildCommandData(context, command, read, sender, Object.values(attachments));
      return buildInteraction(context, InteractionType.ApplicationCommand, sender, data);
    },
    complete(place, commandId, options) {
      const { command, sender } = find(place, commandId);
      const where = { world, guild: sender.guild, isTyping: true };
      const read = readGiven(options, command.options ?? [], `/${command.name}`, where);
      const data = buildCommandData(context, command, read, sender);
      return buildInteraction(context, InteractionType.ApplicationCommandAutocomplete, sender, data);
    },
    menu(place, commandId, targetId) {
      const { command, sender } = find(place, commandId);
      const { ApplicationCommand } = InteractionType;
      if (command.type === ApplicationCommandType.User) {
        const user = world.users.get(targetId);
        if (!user) throw new LineError("There is no such user.");
        return buildInteraction(context, ApplicationCommand, sender, buildUserData(context, command, user, sender));
      }
      const message = findMessage(world, sender.channel.id, targetId);
      if (command.type !== ApplicationCommandType.Message)
        throw new LineError(`"${command.name}" is not a command of a context menu.`);
      if (!message || !isShownTo(world, sender.user.id, message)) throw new LineError("There is no such message here.");
      return buildInteraction(context, ApplicationCommand, sender, buildMessageData(command, message));
    },
  };
}

// --- Internal helpers ---

const leavesOf = (options: readonly GivenOption[]): GivenOption[] =>
  options.flatMap((option) => (option.options ? leavesOf(option.options) : [option]));

/** Returns the options with the IDs of the kept files in place of the files' names. */
const withIds = (options: readonly GivenOption[], ids: ReadonlyMap<string, string>): GivenOption[] =>
  options.map((option) => {
    if (option.options) return { ...option, options: withIds(option.options, ids) };
    const id = option.type === OptionType.Attachment ? ids.get(option.name) : undefined;
    return id === undefined ? option : { ...option, value: id };
  });
