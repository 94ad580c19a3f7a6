import type { Clock } from "../platform/index.ts";
import { type ConditionalCommands, compareAndSet, type RedisCommands } from "../redis/index.ts";
import { createKeys } from "./keys.ts";
import { addReport, age, createLedger, type Ledger, readLedger, writeLedger } from "./ledger.ts";
import { readReport } from "./report.ts";

/** The sums of the fleet, for one invocation. */
export interface LedgerStore {
  /**
   * Returns the sums of everything that was reported, the last reports included. Where many wait to be summed it sums them
   * behind the answer, for all that read after it.
   * Cost: 2 commands, 2 round trips; 1 of each more for each thousand reports that wait; 3 commands more in 2 round trips to
   * sum them.
   */
  read(): Promise<Ledger>;
  /**
   * Sums what was reported so far. Any number of isolates may do so at once: one of them counts.
   * Cost: 5 commands, 4 round trips; 2 and 2 when nothing waits.
   */
  sum(): Promise<void>;
}

/** The commands that read and write the sums. */
export type LedgerCommands = ConditionalCommands & Pick<RedisCommands, "get" | "set">;

export interface LedgerStoreOptions {
  redis(): LedgerCommands;
  /** Begins every key. */
  prefix: string;
  clock: Pick<Clock, "now">;
  /** The names of the series that are kept by month. */
  monthly: readonly string[];
  waitUntil(work: Promise<unknown>): void;
  /** Told of a ledger or a report that cannot be read, by its key or id: it is replaced, or left out. */
  onUnreadable?(where: string): void;
}

/** Reports that wait before a reader sums them. */
const manyReports = 64;
const pageSize = 1_000;
const mostPages = 10;
/** After this long without a report nothing is left of the counts. */
const lifeMs = 40 * 86_400_000;

interface Read {
  ledger: Ledger;
  /** The stored text; null when there is none. */
  stored: string | null;
  /** The last report of the stored one. */
  storedLast: string;
  waiting: number;
}

type Entry = [id: string, fields: string[] | null];

export function createLedgerStore({
  redis,
  prefix,
  clock,
  monthly,
  waitUntil,
  onUnreadable = () => {},
}: LedgerStoreOptions): LedgerStore {
  const keys = createKeys(prefix);

  async function readAll(): Promise<Read> {
    const stored = await redis().get<string>(keys.ledger);
    const known = stored === null ? undefined : readLedger(stored);
    if (stored !== null && !known) onUnreadable(keys.ledger);
    const ledger = known ?? createLedger();
    const storedLast = ledger.last;
    let waiting = 0;
    for (let pages = 0; pages < mostPages; pages++) {
      const found = await redis().exec<Entry[] | null>([
        "XRANGE",
        keys.reports,
        `(${ledger.last}`,
        "+",
        "COUNT",
        pageSize,
      ]);
      const page = found ?? [];
      for (const [id, fields] of page) addEntry(ledger, id, fields);
      waiting += page.length;
      if (page.length < pageSize) break;
    }
    age(ledger, clock.now());
    return { ledger, stored, storedLast, waiting };
  }

  function addEntry(ledger: Ledger, id: string, fields: string[] | null): void {
    const report = readReport(fields?.[1]);
    if (report) return addReport(ledger, id, report, { monthly, now: clock.now() });
    onUnreadable(id);
    ledger.last = id;
  }

  async function keep({ ledger, stored, storedLast, waiting }: Read): Promise<void> {
    if (waiting === 0) return;
    const value = writeLedger(ledger);
    const isKept =
      stored === null
        ? (await redis().set(keys.ledger, value, { nx: true, px: lifeMs })) !== null
        : await compareAndSet(redis(), { key: keys.ledger, value, expected: stored, px: lifeMs });
    if (!isKept) return;
    await Promise.all([
      // Not up to the last one: a reader that a replica shows the ledger before still finds what it has to add.
      redis().exec(["XTRIM", keys.reports, "MINID", "~", storedLast]),
      redis().exec(["PEXPIRE", keys.reports, lifeMs]),
    ]);
  }

  return {
    async read() {
      const found = await readAll();
      const isFirst = found.storedLast === "0-0";
      // Written before anything is changed by the reader, and behind the answer.
      if (found.waiting >= manyReports || isFirst) waitUntil(keep(found).catch(() => {}));
      return found.ledger;
    },
    async sum() {
      await keep(await readAll());
    },
  };
}
