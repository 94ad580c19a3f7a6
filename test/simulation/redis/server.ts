import { reads } from "./commands.ts";
import type { Lua } from "./lua.ts";
import { createModel, type Model, type Write } from "./model.ts";
import { Refusal, type Reply } from "./store.ts";

/** One database behind the REST API: a primary, a replica that is behind, and failovers to it. */
export interface Server {
  /**
   * Answers the body of `/pipeline` or, as a transaction, `/multi-exec`. With `lagMs` reads come from a replica so far behind, though never
   * from before `syncToken`.
   */
  answer(
    body: string,
    now: number,
    how?: { lagMs?: number; syncToken?: string; isTransaction?: boolean },
  ): { body: string; syncToken: string };
  /**
   * The replica takes over without the last writes: so many, or from the last one that matches. Returns the writes that are gone.
   * A script or transaction is told to replicas as a whole, so it is gone as a whole. From then on the clock is `clockMs`
   * ahead of true time. Keys end at the time that the old primary set, by the new clock.
   */
  failOver(lost: number | ((write: Write) => boolean), clockMs?: number): readonly Write[];
  /** How far the primary's clock is ahead of true time, in milliseconds. */
  readonly clockMs: number;
  /** For checkers: the primary as it is. */
  readonly primary: Model;
  bill(): ReadonlyMap<string, number>;
}

/** So many writes a replica is behind at the most, besides the time. */
const mostBehind = 500;

export function createServer(lua: Lua): Server {
  /** What the replica has not been told: each script or transaction as one. */
  let log: Write[][] = [];
  let offset = 0;
  let whole: Write[] | undefined;
  const onWrite = (write: Write) => {
    if (whole) return void whole.push(write);
    log.push([write]);
  };

  /** What is written meanwhile reaches replicas as one. */
  function together<T>(work: () => T): T {
    if (whole) return work();
    whole = [];
    try {
      return work();
    } finally {
      if (whole.length > 0) log.push(whole);
      whole = undefined;
    }
  }

  let primary = createModel({ lua, onWrite });
  let replica = createModel({ lua });
  const bill = new Map<string, number>();
  let clockMs = 0;

  /** The replica goes on to this place in the log. */
  function catchUp(place: number): void {
    for (const { words, at } of log.splice(0, place - offset).flat()) replica.run(words, at);
    offset = Math.max(offset, place);
  }

  function run(words: readonly string[], now: number, isBehind: boolean): { result: unknown } | { error: string } {
    const name = words[0]?.toUpperCase() ?? "";
    const model = isBehind && reads.has(name) ? replica : primary;
    try {
      return { result: plain(together(() => model.run(words, now))) };
    } catch (error) {
      if (error instanceof Refusal) return { error: error.message };
      throw error;
    }
  }

  return {
    get primary() {
      return primary;
    },
    get clockMs() {
      return clockMs;
    },
    bill: () => {
      for (const [name, count] of primary.bill) bill.set(name, count);
      return bill;
    },
    answer(body, trueNow, { lagMs, syncToken = "", isTransaction = false } = {}) {
      const now = trueNow + clockMs;
      if (log.length > mostBehind) catchUp(offset + log.length - mostBehind);
      if (lagMs !== undefined) {
        const seen = log.findIndex(([first]) => first !== undefined && first.at > now - lagMs);
        const end = offset + log.length;
        catchUp(Math.min(end, Math.max(seen === -1 ? end : offset + seen, Number(syncToken) || 0)));
      }
      const requests = JSON.parse(body) as (string | number | boolean)[][];
      const all = () => requests.map((words) => run(words.map(String), now, lagMs !== undefined));
      const replies = isTransaction ? together(all) : all();
      return { body: JSON.stringify(replies), syncToken: String(offset + log.length) };
    },
    failOver(lost, newClockMs = 0) {
      const first =
        typeof lost === "number" ? Math.max(0, log.length - lost) : log.findLastIndex((writes) => writes.some(lost));
      catchUp(offset + (first === -1 ? log.length : first));
      clockMs = newClockMs;
      const gone = log.flat();
      log = [];
      const next = replica.copy();
      for (const [name, count] of primary.bill) next.bill.set(name, count);
      primary = createModel({ lua, onWrite, values: next.store.values });
      for (const [name, count] of next.bill) primary.bill.set(name, count);
      return gone;
    },
  };
}

// --- Internal helpers ---

const plain = (reply: Reply): unknown => {
  if (Array.isArray(reply)) return reply.map(plain);
  return typeof reply === "object" && reply !== null ? reply.status : reply;
};
