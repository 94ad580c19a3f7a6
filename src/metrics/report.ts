import { readTally, type Tally, writeTally } from "./tally.ts";

/** What an isolate counted since its report before. */
export interface Report {
  /** The isolate. */
  id: string;
  /** Counts its reports from 1. */
  sequence: number;
  /** When the isolate started, and when it reported, in epoch milliseconds. */
  startedAt: number;
  at: number;
  /** The state of its circuit breaker towards Redis. */
  breaker: Breaker;
  /** Counts by minute, in minutes since 1970. */
  minutes: readonly (readonly [minute: number, counts: Tally])[];
}

export const breakers = ["closed", "open", "half-open"] as const;
export type Breaker = (typeof breakers)[number];

const version = 1;

export const writeReport = ({ id, sequence, startedAt, at, breaker, minutes }: Report): string =>
  JSON.stringify([
    version,
    id,
    sequence,
    startedAt,
    at,
    breaker,
    minutes.map(([minute, counts]) => [minute, writeTally(counts)]),
  ]);

/** Returns a report; `undefined` for one of another version, or one that is damaged. */
export function readReport(text: unknown): Report | undefined {
  try {
    const fields: unknown = JSON.parse(String(text));
    if (!Array.isArray(fields) || fields[0] !== version) return undefined;
    const [, id, sequence, startedAt, at, breaker, list]: unknown[] = fields;
    const known = breakers.find((one) => one === breaker);
    if (typeof id !== "string" || !known || !isWhole(sequence) || !isWhole(startedAt) || !isWhole(at)) return undefined;
    const minutes = readMinutes(list);
    return minutes && { id, sequence, startedAt, at, breaker: known, minutes };
  } catch {
    return undefined;
  }
}

/** Returns pairs of a minute and its counts; `undefined` for anything else. */
export function readMinutes(list: unknown): [minute: number, counts: Tally][] | undefined {
  if (!Array.isArray(list)) return undefined;
  const minutes: [number, Tally][] = [];
  for (const pair of list) {
    const [minute, counts]: unknown[] = Array.isArray(pair) ? pair : [];
    const tally = readTally(counts);
    if (!isWhole(minute) || !tally) return undefined;
    minutes.push([minute, tally]);
  }
  return minutes;
}

/** Returns whether a value is a whole number from 0. */
export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
