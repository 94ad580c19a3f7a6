import { type Reply, ReplyError, Status } from "./reply.ts";

const carriageReturn = 0x0d;
const type = { status: 0x2b, error: 0x2d, integer: 0x3a, bulk: 0x24, array: 0x2a };

interface OpenArray {
  items: Reply[];
  length: number;
}

/**
 * Turns the bytes of a RESP2 connection into replies, however they are cut. Throws on bytes that are no RESP2: the
 * connection is of no use then.
 */
export function createDecoder(onReply: (reply: Reply) => void): (chunk: Uint8Array) => void {
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  /** Chunks that came while a long bulk string is incomplete: joined once it is whole. */
  let late: Uint8Array[] = [];
  let lateSize = 0;
  /** How many bytes the buffer must hold before it is worth looking at again. */
  let needed = 0;
  const arrays: OpenArray[] = [];

  /** The reply begun at `at`, or `undefined` when its bytes are not all here; arrays are kept on the stack instead. */
  function next(): Reply | undefined {
    const lineEnd = buffer.indexOf(carriageReturn, at + 1);
    if (lineEnd < 0 || lineEnd + 1 >= buffer.length) return undefined;
    const kind = buffer[at];
    const line = buffer.toString("utf8", at + 1, lineEnd);
    const after = lineEnd + 2;
    if (kind === type.bulk) {
      const length = Number(line);
      const end = after + length;
      if (length >= 0 && buffer.length < end + 2) {
        needed = end + 2;
        return undefined;
      }
      at = length < 0 ? after : end + 2;
      return length < 0 ? null : buffer.subarray(after, end);
    }
    at = after;
    if (kind === type.status) return new Status(line);
    if (kind === type.error) return new ReplyError(line);
    if (kind === type.integer) {
      const integer = Number(line);
      return Number.isSafeInteger(integer) ? integer : BigInt(line);
    }
    if (kind !== type.array) throw new Error(`not a RESP2 reply: it begins with byte ${kind}`);
    const length = Number(line);
    if (length < 0) return null;
    if (length === 0) return [];
    arrays.push({ items: [], length });
    return next();
  }

  /** Puts a finished reply where it belongs: into the innermost open array, which it may finish, or out. */
  function settle(reply: Reply): void {
    let whole = reply;
    for (let array = arrays.at(-1); array; array = arrays.at(-1)) {
      array.items.push(whole);
      if (array.items.length < array.length) return;
      arrays.pop();
      whole = array.items;
    }
    onReply(whole);
  }

  return (chunk) => {
    late.push(chunk);
    lateSize += chunk.length;
    if (buffer.length + lateSize < needed) return;
    const rest = at < buffer.length ? [buffer.subarray(at)] : [];
    const parts = [...rest, ...late];
    buffer = parts.length === 1 && parts[0] ? asBuffer(parts[0]) : Buffer.concat(parts);
    at = 0;
    late = [];
    lateSize = 0;
    needed = 0;
    while (at < buffer.length) {
      const reply = next();
      if (reply === undefined) break;
      settle(reply);
    }
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
