import type { Message } from "./message.ts";

/** Who read: the listener of an isolate, a named subscriber, a worker group, or one that follows along. */
export type Reader = `listener ${string}` | `subscriber ${string}` | `group ${string}` | "follower";

/** Messages were trimmed away before they were read. */
export interface Gap {
  reader: Reader;
  /** The last entry read before it, and the first after it. */
  after: string;
  before: string;
  /** How many; undefined when that cannot be known, and at least one then. */
  missed: number | undefined;
}

/** What pubsub tells its host; logs and metrics are the host's affair. */
export type PubsubEvent =
  | { type: "handler-failed"; reader: Reader; channel: string; messageId: string; error: unknown }
  | ({ type: "gap" } & Gap)
  | { type: "poll-failed"; reader: Reader; error: unknown }
  /** Handlers gave up on a message: it is kept with the dead letters. */
  | { type: "dead-letter"; group: string; message: Message; deliveries: number; error: unknown }
  /** Somebody else wrote to the stream. */
  | { type: "unreadable"; streamId: string };
