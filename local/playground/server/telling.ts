import type { APIMessage } from "discord-api-types/v10";
import type { Simulator } from "../../discord/index.ts";
import type { StreamEvent } from "../protocol.ts";
import type { Journal } from "./journal.ts";
import type { Messages } from "./message-view.ts";
import type { Unread } from "./unread.ts";
import { viewWorld } from "./world-view.ts";

/** Tells an event to those people who may see it. */
export type Tell = (isSeenBy: (person: string) => boolean, event: StreamEvent) => void;

export const createTell =
  (journal: Journal): Tell =>
  (isSeenBy, event) =>
    journal.add((person) => (isSeenBy(person) ? event : undefined));

export interface TellingOptions {
  simulator: Simulator;
  journal: Journal;
  messages: Messages;
  unread: Unread;
}

/** Tells what each person sees in a different way. */
export interface Telling {
  /** A message is new, or changed. */
  message(message: APIMessage, isNew: boolean): void;
  unread(channelId: string): void;
  /** Something changed that does not belong to one channel. Told once for all changes of a turn. */
  world(): void;
}

export function createTelling({ simulator, journal, messages, unread }: TellingOptions): Telling {
  let isWorldStale = false;

  const tellUnread = (channelId: string) =>
    journal.add((person) => ({ type: "unread", channelId, ...unread.of(person, channelId) }));

  return {
    unread: tellUnread,
    message({ id, channel_id: channelId }, isNew) {
      journal.add((person) => {
        // In its present state: a page that resumes its stream hears of it later.
        const message = simulator.message(id);
        const view = message && messages.view(person, message);
        return view && { type: "message", channelId, view, isNew };
      });
      if (isNew) tellUnread(channelId);
    },
    world() {
      if (isWorldStale) return;
      isWorldStale = true;
      setImmediate(() => {
        isWorldStale = false;
        journal.add((person) => ({ type: "world", world: viewWorld(simulator, unread, person) }));
      });
    },
  };
}
