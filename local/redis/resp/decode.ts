import { type Reply, ReplyError, Status } from "./reply.ts";

const carriageReturn = 0x0d;
const minus = 0x2d;
const type = { status: 0x2b, error: 0x2d, integer: 0x3a, bulk: 0x24, array: 0x2a };
/** Integers of this many digits fit a double whatever they are. */
const safeDigits = 15;

interface OpenArray {
  items: Reply[];
  length: number;
}

/**
 * Turns the bytes of a RESP2 connection into replies, however they are cut. A value of any size is copied once at the
 * most, and nothing is read twice. Throws on bytes that are no RESP2: the connection is of no use then.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function createDecoder(onReply: (reply: Reply) => void): (chunk: Uint8Array) => void {
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  /** Chunks that came while a long value is incomplete: joined once it is whole. */
  let late: Uint8Array[] = [];
  let lateBytes = 0;
  /** How many bytes from `at` on it takes to finish the value begun there, as far as is known. */
  let neededBytes = 0;
  const arrays: OpenArray[] = [];

  /** The value begun at `at`, or `undefined` when its bytes are not all here or it is an array now open. */
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

  /** Puts a finished value where it belongs: into the innermost open array, which it may finish, or out. */
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
        throw new Error(`Not RESP2: "${buffer.toString("latin1", start, end)}" is no number.`);
      value = value * 10 + digit;
    }
    return isNegative && value > 0 ? -value : value;
  }

  return function decode(chunk) {
    if (at === buffer.length) {
      buffer = asBuffer(chunk);
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
    while (at < buffer.length) {
      const before = at;
      const value = next();
      if (value !== undefined) settle(value);
      else if (at === before) return;
    }
  };
}

// --- Internal helpers ---

const asBuffer = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function exactInteger(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}
