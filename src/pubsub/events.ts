import type { Message } from "./message.ts";

/** A reader of the bus: an isolate, one invocation, a named subscriber, a group of workers, or a caller that follows. */
export type Reader = "isolate" | "invocation" | `subscriber ${string}` | `group ${string}` | "follower";

/** Messages that were trimmed, or lost by Redis, before they were read. */
export interface Gap {
  reader: Reader;
  /** The stream id of the last message read before the gap. */
  after: string;
  /** The stream id of the first message after it; that of `after` where none has come yet. */
  before: string;
  /** How many are missing. Undefined when that is not known, and perhaps none: the bus ended meanwhile, or Redis lost its end. */
  missed: number | undefined;
}

/** Events that pubsub reports. The caller turns it into logs and metrics. */
export type PubsubEvent =
  | { type: "handler-failed"; reader: Reader; channel: string; messageId: string; error: unknown }
  | ({ type: "gap" } & Gap)
  | { type: "poll-failed"; reader: Reader; error: unknown }
  /** A group gave a message up; it is kept with the dead letters. */
  | { type: "dead-letter"; group: string; message: Message; deliveries: number; error: unknown }
  /** A stream's entry or a key's value was not written by pubsub, and is skipped or replaced. `where`: its id or its key. */
  | { type: "unreadable"; where: string };
