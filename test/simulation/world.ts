/** What happened, in order, by true time. */
export interface Entry {
  at: number;
  who: string;
  /** Put into words only when somebody reads it. */
  what: string | (() => string);
}

/** True time, and everything that will happen. Nothing happens but by its queue, so that a run is its seed's alone. */
export interface World {
  /** Epoch milliseconds; the server's clock too. */
  now(): number;
  /** Calls at a time, or at once if that has passed; those of one time in the order they were put in. */
  at(time: number, happen: () => void): void;
  /** Goes on until then; true time stands there afterwards. */
  runUntil(time: number): Promise<void>;
  /** Puts a line in the timeline. */
  note(who: string, what: Entry["what"]): void;
  readonly timeline: readonly Entry[];
}

interface Happening {
  at: number;
  order: number;
  happen(): void;
}

export const beginning = 1_800_000_000_000;

export function createWorld(): World {
  const timeline: Entry[] = [];
  const heap: Happening[] = [];
  let now = beginning;
  let order = 0;

  return {
    now: () => now,
    at: (time, happen) => push(heap, { at: Math.max(time, now), order: order++, happen }),
    async runUntil(time) {
      for (let next = heap[0]; next && next.at <= time; next = heap[0]) {
        pop(heap);
        now = next.at;
        next.happen();
        await quiet();
      }
      now = time;
    },
    note: (who, what) => void timeline.push({ at: now, who, what }),
    timeline,
  };
}

/** For people: seconds since the beginning, who, and what. */
export const printTimeline = (timeline: readonly Entry[]): string =>
  timeline
    .map(
      ({ at, who, what }) =>
        `${((at - beginning) / 1_000).toFixed(3).padStart(9)} s  ${who.padEnd(8)} ${typeof what === "string" ? what : what()}`,
    )
    .join("\n");

// --- Internal helpers ---

/** Every promise that can settle has settled: microtasks run before the next turn of the event loop. */
const quiet = () => new Promise<void>((resolve) => void setImmediate(resolve));

const isBefore = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Happening[], one: Happening): void {
  let index = heap.push(one) - 1;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (!parent || isBefore(parent, one)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = one;
}

function pop(heap: Happening[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    let child = heap[below];
    const other = heap[below + 1];
    if (child && other && isBefore(other, child)) {
      below += 1;
      child = other;
    }
    if (!child || isBefore(last, child)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
}
