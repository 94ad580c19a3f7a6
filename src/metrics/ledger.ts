import { type Breaker, breakers, isWhole, type Report, readMinutes } from "./report.ts";
import { addValue, partsOf, readTally, type Tally, writeTally } from "./tally.ts";

/** The sums of what the fleet reported, up to one report of the stream. Kept as one value in Redis, and as small as a page. */
export interface Ledger {
  /** The stream id of the last report in it. */
  last: string;
  /** The first minute that was ever counted, in epoch milliseconds. */
  since: number;
  /** Everything since then, by series. */
  totals: Tally;
  /** By minute, without labels: the series `interactions` is the sum of all its labels. */
  minutes: Map<number, Tally>;
  /** By ten minutes, with labels. */
  tens: Map<number, Tally>;
  /** By month, such as "2026-11": the series that are billed. */
  months: Map<string, { since: number; counts: Tally }>;
  /** The isolates that reported lately. */
  isolates: Map<string, IsolateReport>;
}

export interface IsolateReport {
  startedAt: number;
  seenAt: number;
  sequence: number;
  breaker: Breaker;
}

const version = 1;
const minuteMs = 60_000;
/** More than an hour, so that sixty whole minutes are always there. */
const keptMinutes = 62;
const keptTens = 7;
const keptMonths = 2;
/** A report whose reply was lost is sent again within this time, and must be known by then. */
const keptIsolatesMs = 20 * minuteMs;
/** How far the clocks of isolates may differ. */
const aheadMs = 60 * minuteMs;

export const createLedger = (): Ledger => ({
  last: "0-0",
  since: 0,
  totals: new Map(),
  minutes: new Map(),
  tens: new Map(),
  months: new Map(),
  isolates: new Map(),
});

/**
 * Adds a report of the stream, unless it was added before. `monthly` are the names of the series that are kept by month. Counts of
 * an isolate whose clock is far ahead belong to `now`.
 */
export function addReport(
  ledger: Ledger,
  streamId: string,
  report: Report,
  { monthly, now }: { monthly: readonly string[]; now: number },
): void {
  ledger.last = streamId;
  const known = ledger.isolates.get(report.id);
  if (known && report.sequence <= known.sequence) return;
  const { startedAt, at, sequence, breaker } = report;
  ledger.isolates.set(report.id, { startedAt: atMost(startedAt, now), seenAt: atMost(at, now), sequence, breaker });
  for (const [counted, counts] of report.minutes) {
    const minute = Math.floor(atMost(counted * minuteMs, now) / minuteMs);
    const time = minute * minuteMs;
    ledger.since = ledger.since === 0 ? time : Math.min(ledger.since, time);
    const month = getOrCreate(ledger.months, monthOf(time), () => ({ since: time, counts: new Map() }));
    month.since = Math.min(month.since, time);
    for (const [key, value] of counts) {
      const [name] = partsOf(key);
      addValue(ledger.totals, key, value);
      addValue(getOrCreate(ledger.minutes, minute, createTally), name, value);
      addValue(getOrCreate(ledger.tens, Math.floor(minute / 10), createTally), key, value);
      if (monthly.includes(name)) addValue(month.counts, key, value);
    }
  }
}

/** Drops what is too old to be shown, and what is of a time to come: it would take the place of the present month. */
export function age({ minutes, tens, months, isolates }: Ledger, now: number): void {
  const minute = Math.floor(now / minuteMs);
  const [isAhead, lastMonth] = [(time: number) => time > now + aheadMs, monthOf(now + aheadMs)];
  for (const one of minutes.keys()) if (isAhead(one * minuteMs)) minutes.delete(one);
  for (const one of tens.keys()) if (isAhead(one * 10 * minuteMs)) tens.delete(one);
  for (const [one, { since }] of months) if (one > lastMonth || isAhead(since)) months.delete(one);
  for (const [id, { seenAt }] of isolates) if (isAhead(seenAt)) isolates.delete(id);
  for (const one of minutes.keys()) if (one <= minute - keptMinutes) minutes.delete(one);
  for (const one of tens.keys()) if (one <= Math.floor(minute / 10) - keptTens) tens.delete(one);
  for (const one of [...months.keys()].toSorted().slice(0, -keptMonths)) months.delete(one);
  for (const [id, { seenAt }] of isolates) if (seenAt < now - keptIsolatesMs) isolates.delete(id);
}

/** Returns the month of a time in UTC: "2026-11". */
export const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

export const writeLedger = ({ last, since, totals, minutes, tens, months, isolates }: Ledger): string =>
  JSON.stringify([
    version,
    last,
    since,
    writeTally(totals),
    [...minutes].map(([minute, counts]) => [minute, writeTally(counts)]),
    [...tens].map(([ten, counts]) => [ten, writeTally(counts)]),
    [...months].map(([month, { since, counts }]) => [month, since, writeTally(counts)]),
    [...isolates].map(([id, one]) => [id, one.startedAt, one.seenAt, one.sequence, one.breaker]),
  ]);

/** Returns the ledger in a text; `undefined` for one of another version, or one that is damaged: counting begins anew. */
export function readLedger(text: string | null): Ledger | undefined {
  try {
    const fields: unknown = JSON.parse(text ?? "");
    if (!Array.isArray(fields) || fields[0] !== version) return undefined;
    const [, last, since, totals, minutes, tens, months, isolates]: unknown[] = fields;
    const [readTotals, inMinutes, inTens] = [readTally(totals), readMinutes(minutes), readMinutes(tens)];
    if (typeof last !== "string" || !isWhole(since) || !readTotals || !inMinutes || !inTens) return undefined;
    return {
      last,
      since,
      totals: readTotals,
      minutes: new Map(inMinutes),
      tens: new Map(inTens),
      months: new Map(rowsOf(months).flatMap(readMonth)),
      isolates: new Map(rowsOf(isolates).flatMap(readIsolate)),
    };
  } catch {
    return undefined;
  }
}

// --- Internal helpers ---

const createTally = (): Tally => new Map();

const atMost = (time: number, now: number): number => (time > now + aheadMs ? now : time);

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = create();
  map.set(key, made);
  return made;
}

const rowsOf = (value: unknown): unknown[][] => (Array.isArray(value) ? value.filter((row) => Array.isArray(row)) : []);

function readMonth([month, since, counts]: unknown[]): [string, { since: number; counts: Tally }][] {
  const tally = readTally(counts);
  return typeof month === "string" && /^\d{4}-\d\d$/.test(month) && isWhole(since) && tally
    ? [[month, { since, counts: tally }]]
    : [];
}

function readIsolate([id, startedAt, seenAt, sequence, breaker]: unknown[]): [string, IsolateReport][] {
  const known = breakers.find((one) => one === breaker);
  return typeof id === "string" && isWhole(startedAt) && isWhole(seenAt) && isWhole(sequence) && known
    ? [[id, { startedAt, seenAt, sequence, breaker: known }]]
    : [];
}
