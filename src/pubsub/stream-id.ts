/**
 * Ids of stream entries, `<milliseconds>-<sequence>`, by the server's time, so that the publishers' clocks do not
 * matter.
 *
 * @see https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
 */

/** Before every entry. */
export const origin = "0-0";

/** Of either half: 64 bits. */
const largest = "18446744073709551615";

/** Returns whether a text is an id that Redis takes: it refuses a command with any other. */
export const isStreamId = (text: string): boolean =>
  /^\d{1,20}-\d{1,20}$/.test(text) && text.split("-").every((half) => half.length < 20 || half <= largest);

/** Returns when the entry was added, in epoch milliseconds by the server's clock. */
export const timeOf = (id: string): number => Number(parts(id)[0]);

/** Returns a negative number when `a` is older, 0 when the ids are equal. */
export function compareIds(a: string, b: string): number {
  const [aTime, aSequence] = parts(a);
  const [bTime, bSequence] = parts(b);
  return compareDigits(aTime, bTime) || compareDigits(aSequence, bSequence);
}

/** Returns the id right before: a read after it begins with `id` itself. */
export function idBefore(id: string): string {
  const [time, sequence] = parts(id);
  if (sequence !== "0") return `${time}-${BigInt(sequence) - 1n}`;
  return time === "0" ? origin : `${BigInt(time) - 1n}-${largest}`;
}

// --- Internal helpers ---

function parts(id: string): [time: string, sequence: string] {
  const [time = "0", sequence = "0"] = id.split("-");
  return [time, sequence];
}

/** Sequences may be larger than a double holds. */
const compareDigits = (a: string, b: string): number => a.length - b.length || Number(a > b) - Number(a < b);
