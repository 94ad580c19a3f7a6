import { randomBytes } from "node:crypto";
import type { StreamEvent } from "../protocol.ts";

/** What happened, as a person sees it: each entry makes that person's event, or none. */
export interface Entry {
  id: string;
  /** Returns the person's event; `undefined` for one that the person may not see, or that is over. */
  make(person: string): StreamEvent | undefined;
}

/** The last entries, in order, and those who follow them. */
export interface Journal {
  add(make: Entry["make"]): void;
  /** Returns the ID of the last entry. */
  last(): string;
  /** Returns the entries after an ID; `undefined` when they are not all known. */
  after(id: string): readonly Entry[] | undefined;
  /** Calls the listener at every new entry. Returns a function that ends it. */
  on(listener: (entry: Entry) => void): () => void;
}

/** Returns an empty journal of the last `size` entries. Default: 2,000. */
export function createJournal(size = 2_000): Journal {
  // The numbers of another run mean nothing here.
  const run = randomBytes(4).toString("hex");
  const entries: Entry[] = [];
  const listeners = new Set<(entry: Entry) => void>();
  let count = 0;
  const idOf = (number: number) => `${run}-${number}`;

  return {
    add(make) {
      const entry = { id: idOf((count += 1)), make };
      entries.push(entry);
      if (entries.length > size) entries.shift();
      for (const listener of listeners) listener(entry);
    },
    last: () => idOf(count),
    after(id) {
      const number = Number(/^\w+-(\d{1,15})$/.exec(id)?.[1] ?? Number.NaN);
      if (id !== idOf(number) || number > count || count - number > entries.length) return undefined;
      return entries.slice(entries.length - (count - number));
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
