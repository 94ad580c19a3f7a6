import type { PubsubContext } from "./context.ts";
import type { Reader } from "./events.ts";
import type { Handlers } from "./handlers.ts";
import { isRemembered, remember } from "./memory.ts";
import type { Message } from "./message.ts";
import { entriesAfter, type Page } from "./reader.ts";
import type { Cursor, Place } from "./state.ts";

/** Handlers, and the place on the bus that they have come to. */
export interface Listener {
  readonly reader: Reader;
  readonly place: Place;
  readonly handlers: Handlers;
}

/**
 * Calls the isolate's handlers in the order of the bus, and moves the place on with each message: in one turn, so that no
 * invocation of the isolate comes between, and none that ends takes a message with it. Returns the work that the handlers began.
 */
export function deliverAtOnce(context: PubsubContext, listener: Listener, page: Page): Promise<unknown>[] {
  const { place, handlers, reader } = listener;
  const works: Promise<unknown>[] = [];
  for (const { message, cursor } of waiting(listener, page)) {
    place.cursor = cursor;
    if (message && take(context, listener, message)) works.push(handlers.run(message, reader));
  }
  return works;
}

/** Runs an invocation's handlers in the order of the bus, each when those of the message before are done. Returns how many ran. */
export async function deliverInTurn(context: PubsubContext, listener: Listener, page: Page): Promise<number> {
  const { place, handlers, reader } = listener;
  let delivered = 0;
  for (const { message, cursor } of waiting(listener, page)) {
    if (message && take(context, listener, message)) {
      await handlers.run(message, reader);
      delivered += 1;
    }
    place.cursor = cursor;
  }
  return delivered;
}

// --- Internal helpers ---

interface Waiting {
  message: Message | undefined;
  /** The place after this message. */
  cursor: Cursor;
}

/** Another poll may have moved the place on since the page was asked for: its messages are not delivered again. */
function waiting({ place }: Listener, page: Page): Waiting[] {
  moveOnWithout(place, page);
  const entries = place.cursor ? entriesAfter(page.entries, place.cursor.id) : [];
  const { ordinal } = page.cursor;
  return entries.map(({ streamId, message }, index) => ({
    message,
    cursor: { id: streamId, ordinal: ordinal === undefined ? undefined : ordinal - (entries.length - index - 1) },
  }));
}

/** A page without messages moves a place on too, where it says that the place's own message is gone. */
function moveOnWithout(place: Place, { entries, cursor, gap }: Page): void {
  const from = place.cursor?.id;
  if (entries.length === 0 && (from === cursor.id || from === gap?.after)) place.cursor = cursor;
}

/** Returns whether the message is for these handlers and was not delivered to them before. */
function take(context: PubsubContext, { place, handlers }: Listener, message: Message): boolean {
  if (!handlers.has(message.channel)) return false;
  if (isRemembered(place.memory, message.id)) {
    context.state.counters.duplicates += 1;
    return false;
  }
  remember(place.memory, message.id);
  context.state.lagMs = Math.max(0, context.clock.now() - message.time);
  return true;
}
