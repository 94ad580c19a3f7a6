import type { PubsubContext } from "./context.ts";
import { deliverAtOnce, deliverInTurn, type Listener } from "./deliver.ts";
import type { Gap } from "./events.ts";
import { cursorAt, endOfBus, gapAfter, type Page, readAfter } from "./reader.ts";
import type { Cursor, IsolatePlace } from "./state.ts";
import { compareIds } from "./stream-id.ts";

export interface PollResult {
  /** Messages that reached a handler. */
  delivered: number;
  /** More is waiting. */
  hasMore: boolean;
  /** Nothing was read, since too many messages that were read are not acknowledged. */
  isHeld?: boolean;
}

/** Polls for the isolate, and for one invocation that wants more. */
export interface Poller {
  /**
   * Reads one page and runs the handlers; a place that is new begins at the end of the bus.
   * Cost: 1 command, 1 round trip; 1 command more where the invocation is not at the isolate's place. The first poll, where
   * something was published since the isolate began: 3 commands, 3 round trips.
   */
  poll(): Promise<PollResult>;
  /**
   * Has the isolate's handlers called for what was published so far, up to 1,000 messages.
   * Cost: 1 command, 1 round trip per 100 messages; 0 when a poll is under way.
   */
  hear(): Promise<void>;
  /** Returns whether a listener was not polled for `everyMs`. */
  isDue(everyMs: number): boolean;
}

export interface PollerOptions {
  /** Its place is shared by all invocations of the isolate: each gives the same handlers. */
  isolate: Listener & { readonly place: IsolatePlace };
  /** The invocation's own handlers, and its own place. */
  own: Listener;
  /** When the isolate began, in epoch milliseconds. Default: with its first poll. */
  since?: number | undefined;
  /** Called when the isolate missed what was published before: with its first poll, and after a gap. */
  onMissed(): void;
  /** Called for messages that the invocation's own handlers missed. */
  onGap(gap: Gap): void;
  waitUntil(work: Promise<unknown>): void;
}

/** One read, after the isolate's handlers were called for it. The pages are undefined where a place has only begun. */
interface Reading {
  page?: Page;
  ownPage?: Page | undefined;
  /** The work that the isolate's handlers began. */
  works: readonly Promise<unknown>[];
}

const maxPages = 10;

export function createPoller(
  context: PubsubContext,
  { isolate, own, since, onMissed, onGap, waitUntil }: PollerOptions,
): Poller {
  const { clock, pageSize } = context;
  let reading: Promise<Reading> | undefined;
  let isDelivering = false;

  const wantsMore = (): boolean => own.handlers.count() > 0;

  /** Reads the page after the isolate's place and calls its handlers. Reads another page where `ownFrom` is another place. */
  async function read(ownFrom?: Cursor): Promise<Reading> {
    const sentAt = clock.now();
    isolate.place.polledAt = sentAt;
    context.state.counters.polls += 1;
    const from = isolate.place.cursor ?? (await begin(sentAt));
    if (!from) return { works: [] };
    const asked = readAfter(context, from, pageSize);
    const askedOwn = ownFrom?.id === from.id ? asked : ownFrom && readAfter(context, ownFrom, pageSize);
    const [page, ownPage] = await Promise.all([asked, askedOwn]);
    if (noteGap(isolate, page)) onMissed();
    const works = deliverAtOnce(context, isolate, page);
    isolate.place.hasMore = page.isFull;
    if (!page.isFull) isolate.place.heardUntil = Math.max(isolate.place.heardUntil, sentAt);
    return { page, ownPage, works };
  }

  /** Returns the isolate's place where something was published since the isolate began; else its place is the end of the bus. */
  async function begin(sentAt: number): Promise<Cursor | undefined> {
    const end = await endOfBus(context);
    if (isolate.place.cursor) return undefined;
    onMissed();
    const start = since === undefined ? end : cursorAt(since);
    if (compareIds(start.id, end.id) < 0) return (isolate.place.cursor = start);
    isolate.place.cursor = end;
    isolate.place.heardUntil = sentAt;
    return undefined;
  }

  function start(ownFrom?: Cursor): Promise<Reading> {
    const started = read(ownFrom).finally(() => {
      if (reading === started) reading = undefined;
    });
    return (reading = started);
  }

  /** Returns the end of the bus: a page that is not full ends there, and so does a place that has only begun. */
  async function endAfter(page: Page | undefined): Promise<Cursor> {
    const known = page ? !page.isFull && page.cursor : isolate.place.cursor;
    return known || endOfBus(context);
  }

  /** Reports messages that were trimmed before they were read: those after the place, where another poll has read on meanwhile. */
  function noteGap({ place, reader, handlers }: Listener, page: Page): Gap | undefined {
    const left = handlers.count() === 0 || !place.cursor ? undefined : gapAfter(place.cursor, page);
    if (!left) return undefined;
    const gap = { reader, ...left };
    context.reportGap(gap);
    return gap;
  }

  async function deliverOwn(page: Page): Promise<number> {
    // Only a handler that polls comes here meanwhile: the page is being delivered.
    if (isDelivering) return 0;
    const gap = noteGap(own, page);
    if (gap) onGap(gap);
    isDelivering = true;
    try {
      return await deliverInTurn(context, own, page);
    } finally {
      isDelivering = false;
    }
  }

  return {
    isDue(everyMs) {
      const isOver = ({ place, handlers }: Listener) => handlers.count() > 0 && clock.now() - place.polledAt >= everyMs;
      return isOver(isolate) || isOver(own);
    },
    async poll() {
      own.place.polledAt = clock.now();
      const { page, ownPage, works } = await start(wantsMore() ? own.place.cursor : undefined);
      if (!wantsMore()) delete own.place.cursor;
      else own.place.cursor ??= await endAfter(page);
      const delivered = ownPage ? await deliverOwn(ownPage) : 0;
      await Promise.all(works);
      return { delivered: works.length + delivered, hasMore: page?.isFull === true || ownPage?.isFull === true };
    },
    async hear() {
      for (let pages = 0; pages < maxPages; pages++) {
        const { page, works } = await (reading ?? start());
        waitUntil(Promise.all(works));
        if (!page?.isFull) return;
      }
    },
  };
}
