import { type Reply, ReplyError, Status } from "./reply.ts";

const carriageReturn = 0x0d;
const minus = 0x2d;
const type = { status: 0x2b, error: 0x2d, integer: 0x3a, bulk: 0x24, array: 0x2a };
/** A double holds every integer of up to this many digits. */
const safeDigits = 15;

interface OpenArray {
  items: Reply[];
  length: number;
}

/**
 * Returns a function that takes the bytes of a RESP2 connection in chunks of any size and calls `onReply` with each
 * reply. A value is copied at most once. The function throws for bytes that are not RESP2; the connection is then
 * useless.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function createDecoder(onReply: (reply: Reply) => void): (chunk: Uint8Array) => void {
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  /** Chunks of an incomplete long value, joined when it is complete. */
  let late: Uint8Array[] = [];
  let lateBytes = 0;
  /** How many bytes from `at` the value there needs, as far as known. */
  let neededBytes = 0;
  const arrays: OpenArray[] = [];

  /** Returns the value at `at`; `undefined` when it is incomplete or is an array, which is then open. */
  function next(): Reply | undefined {
    const end = buffer.indexOf(carriageReturn, at + 1);
    if (end < 0 || end + 1 >= buffer.length) return undefined;
    const start = at + 1;
    const after = end + 2;
    switch (buffer[at]) {
      case type.bulk: {
        const length = smallInteger(start, end);
        const stop = after + length + 2;
        if (length >= 0 && buffer.length < stop) {
          neededBytes = stop - at;
          return undefined;
        }
        at = length < 0 ? after : stop;
        return length < 0 ? null : buffer.subarray(after, stop - 2);
      }
      case type.integer:
        at = after;
        return end - start <= safeDigits
          ? smallInteger(start, end)
          : exactInteger(buffer.toString("latin1", start, end));
      case type.status:
        at = after;
        return new Status(buffer.toString("utf8", start, end));
      case type.error:
        at = after;
        return new ReplyError(buffer.toString("utf8", start, end));
      case type.array: {
        const length = smallInteger(start, end);
        at = after;
        if (length < 0) return null;
        if (length === 0) return [];
        arrays.push({ items: [], length });
        return undefined;
      }
      default:
        throw new Error(`Not RESP2: a reply begins with byte ${buffer[at]}.`);
    }
  }

  /** Adds a complete value to the innermost open array, which it may complete, or hands it out. */
  function settle(value: Reply): void {
    let whole = value;
    for (let array = arrays.at(-1); array; array = arrays.at(-1)) {
      array.items.push(whole);
      if (array.items.length < array.length) return;
      arrays.pop();
      whole = array.items;
    }
    onReply(whole);
  }

  function smallInteger(start: number, end: number): number {
    const isNegative = buffer[start] === minus;
    let value = 0;
    for (let i = isNegative ? start + 1 : start; i < end; i++) {
      const digit = (buffer[i] ?? 0) - 48;
      if (digit < 0 || digit > 9)
        throw new Error(`Not RESP2: "${buffer.toString("latin1", start, end)}" is not a number.`);
      value = value * 10 + digit;
    }
    return isNegative && value > 0 ? -value : value;
  }

  return function decode(chunk) {
    if (at === buffer.length) {
      buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    } else {
      late.push(chunk);
      lateBytes += chunk.length;
      if (buffer.length - at + lateBytes < neededBytes) return;
      buffer = Buffer.concat([buffer.subarray(at), ...late]);
      late = [];
      lateBytes = 0;
      neededBytes = 0;
    }
    at = 0;
    for (;;) {
      const before = at;
      const value = next();
      if (value !== undefined) settle(value);
      else if (at === before) return;
    }
  };
}

// --- Internal helpers ---

function exactInteger(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}
