import {
  type APIApplicationCommand,
  type APIMessage,
  ApplicationCommandType,
  InteractionType,
} from "discord-api-types/v10";
import type { Context } from "./context.ts";
import { checkAvailable } from "./interactions/availability.ts";
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
import { clickData, selectData, type Which } from "./interactions/components.ts";
import { findChannelId, findUserId } from "./interactions/find.ts";
import { LineError } from "./interactions/line-error.ts";
import { type Entered, submitData } from "./interactions/modals.ts";
import { parseLine } from "./interactions/parse-line.ts";
import { checkSize, keepPicked, type PickedFile } from "./interactions/picked-files.ts";
import { defaults } from "./world/seed.ts";
import { isShownTo } from "./world/visibility.ts";
import { findMessage, messagesOf } from "./world/world.ts";

/** Who acts, and where. Every field has a default. */
export interface From {
  /** A user name or an ID. Default: `ada`. */
  user?: string;
  /** `#name`, a channel's ID, `dm` (direct messages with the bot) or `group-dm`. Default: `#general`. */
  channel?: string;
  /** The language of the person's client. Default: `en-US`. */
  locale?: string;
  /** Whether the person installed the application, and the server did not. Default: false. */
  userInstall?: boolean;
}

/**
 * Returns functions that turn actions of people into the payloads that Discord sends for them. They throw a `LineError`
 * for an action that Discord's client would not allow.
 */
export function createPeople(context: Context) {
  const { world } = context;

  function senderOf({ user, channel, locale = "en-US", userInstall = false }: From): Sender {
    const who = {
      userId: findUserId(world, user ?? defaults.userId),
      channelId: findChannelId(world, channel ?? defaults.channelId),
    };
    try {
      return findSender(context, { ...who, locale, isUserInstall: userInstall });
    } catch (error) {
      throw new LineError(error instanceof Error ? error.message : String(error));
    }
  }

  function menuCommand(sender: Sender, type: ApplicationCommandType, name?: string): APIApplicationCommand {
    const all = commandsFor(world, sender).filter((command) => command.type === type);
    const command = all.find((one) => name === undefined || one.name === name);
    if (!command) {
      const names = all.map((one) => `"${one.name}"`).join(", ") || "none";
      throw new LineError(
        name === undefined
          ? "The application has no entry point command."
          : `There is no command "${name}" in that context menu. Registered: ${names}.`,
      );
    }
    checkAvailable(command, sender);
    return command;
  }

  /** Returns a message that the person can see. */
  function messageFor(id: string, sender: Sender): APIMessage {
    const message = findMessage(world, sender.channel.id, id);
    if (message && isShownTo(world, sender.user.id, message)) return message;
    throw new LineError(`There is no message ${id} here that ${sender.user.username} can see.`);
  }

  /** An action on a message takes place in its channel. */
  const senderAt = (messageId: string, from: From): Sender => {
    const channel = [...world.messages].find(([, messages]) => messages.has(messageId))?.[0];
    return senderOf({ ...from, ...(channel !== undefined && from.channel === undefined && { channel }) });
  };

  /** The guild and user that installed the application for a message, who need not be those of the click. */
  const ownersOf = ({ interaction_metadata: from }: APIMessage): object =>
    from ? { authorizing_integration_owners: from.authorizing_integration_owners } : {};

  const of = (type: InteractionType, sender: Sender, data: object, more?: object): object =>
    buildInteraction(context, type, sender, data, more);

  return {
    async command(line: string, from: From, files: Readonly<Record<string, PickedFile>> = {}): Promise<object> {
      const sender = senderOf(from);
      const picked = await Promise.all(
        Object.entries(files).map(async ([name, file]) => {
          checkSize(file);
          return [name, await keepPicked(context, sender.channel.id, file)] as const;
        }),
      );
      const attachments = Object.fromEntries(picked);
      const { guild } = sender;
      const { command, options } = parseLine(line, commandsFor(world, sender), { world, guild, attachments });
      checkAvailable(command, sender);
      const data = buildCommandData(context, command, options, sender, Object.values(attachments));
      return of(InteractionType.ApplicationCommand, sender, data);
    },
    autocomplete(line: string, from: From): object {
      const sender = senderOf(from);
      const { guild } = sender;
      const { command, options } = parseLine(line, commandsFor(world, sender), { world, guild, isTyping: true });
      checkAvailable(command, sender);
      const data = buildCommandData(context, command, options, sender);
      return of(InteractionType.ApplicationCommandAutocomplete, sender, data);
    },
    userCommand(name: string, target: string, from: From): object {
      const sender = senderOf(from);
      const command = menuCommand(sender, ApplicationCommandType.User, name);
      const user = world.users.get(findUserId(world, target));
      if (!user) throw new LineError(`There is no user "${target}".`);
      return of(InteractionType.ApplicationCommand, sender, buildUserData(context, command, user, sender));
    },
    messageCommand(name: string, messageId: string, from: From): object {
      const sender = senderAt(messageId, from);
      const command = menuCommand(sender, ApplicationCommandType.Message, name);
      return of(InteractionType.ApplicationCommand, sender, buildMessageData(command, messageFor(messageId, sender)));
    },
    entryPoint(from: From): object {
      const sender = senderOf(from);
      const command = menuCommand(sender, ApplicationCommandType.PrimaryEntryPoint);
      return of(InteractionType.ApplicationCommand, sender, namesOf(command));
    },
    click(messageId: string, which: Which, from: From): object {
      const sender = senderAt(messageId, from);
      const message = messageFor(messageId, sender);
      return of(InteractionType.MessageComponent, sender, clickData(message, which), { message, ...ownersOf(message) });
    },
    select(messageId: string, which: Which, values: readonly string[], from: From): object {
      const sender = senderAt(messageId, from);
      const message = messageFor(messageId, sender);
      const data = selectData(context, sender, message, which, values);
      return of(InteractionType.MessageComponent, sender, data, { message, ...ownersOf(message) });
    },
    async submit(token: string, entered: Entered, from: From): Promise<object> {
      const record = context.interactions.get(token);
      if (record?.answer.kind !== "modal") throw new LineError("That interaction was not answered with a form.");
      if (record.isSubmitted) throw new LineError("The form has already been submitted.");
      const { modal } = record.answer;
      const channel = record.channelId;
      const sender = senderOf({
        ...(record.userId !== undefined && { user: record.userId }),
        ...(channel !== undefined && { channel }),
        ...from,
      });
      if (sender.user.id !== record.userId) throw new LineError(`${sender.user.username} cannot see that form.`);
      const data = await submitData(context, sender, sender.channel.id, modal, entered);
      record.isSubmitted = true;
      const source = findMessage(world, sender.channel.id, record.sourceId);
      const owners = record.owners && { authorizing_integration_owners: record.owners };
      const payload = of(InteractionType.ModalSubmit, sender, data, { ...owners, ...(source && { message: source }) });
      context.triggers.set(payload, record);
      return payload;
    },
    openForm(from: From): string {
      const { user } = senderOf(from);
      const open = [...context.interactions.values()].findLast(
        ({ answer, userId, isSubmitted }) => answer.kind === "modal" && userId === user.id && !isSubmitted,
      );
      if (open) return open.token;
      throw new LineError(`${user.username} has no open form.`);
    },
    /** Returns the messages of a channel that the person can see, oldest first. */
    visibleMessages(from: From): APIMessage[] {
      const { channel, user } = senderOf(from);
      return [...messagesOf(world, channel.id).values()].filter((message) => isShownTo(world, user.id, message));
    },
  };
}
