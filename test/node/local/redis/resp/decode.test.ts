import * as fc from "fast-check";
import { expect, it, onTestFinished, vi } from "vitest";
import { createDecoder } from "../../../../../local/redis/resp/decode.ts";
import { encodeReplies } from "../../../../../local/redis/resp/encode.ts";
import { type Reply, ReplyError, Status } from "../../../../../local/redis/resp/reply.ts";

function decodeAll(...chunks: (string | Uint8Array)[]): Reply[] {
  const replies: Reply[] = [];
  const decode = createDecoder((reply) => replies.push(reply));
  for (const chunk of chunks) decode(Buffer.from(chunk));
  return replies;
}

it("distinguishes a status from a bulk string of the same text", () => {
  expect(decodeAll("+OK\r\n$2\r\nOK\r\n")).toEqual([new Status("OK"), Buffer.from("OK")]);
});

it("reads errors, both kinds of nil, and empty values", () => {
  expect(decodeAll("-ERR no\r\n$-1\r\n*-1\r\n$0\r\n\r\n*0\r\n")).toEqual([
    new ReplyError("ERR no"),
    null,
    null,
    Buffer.alloc(0),
    [],
  ]);
});

it("keeps every digit of an integer that a double cannot hold", () => {
  expect(decodeAll(":9007199254740991\r\n:9007199254740993\r\n:-9223372036854775808\r\n:-5\r\n")).toEqual([
    9007199254740991,
    9007199254740993n,
    -9223372036854775808n,
    -5,
  ]);
});

it("reads nested arrays", () => {
  expect(decodeAll("*3\r\n*2\r\n:1\r\n*0\r\n$1\r\na\r\n*1\r\n*1\r\n$-1\r\n")).toEqual([
    [[1, []], Buffer.from("a"), [[null]]],
  ]);
});

it("keeps a carriage return inside a value", () => {
  expect(decodeAll("$4\r\n\r\n\r\n\r\n")).toEqual([Buffer.from("\r\n\r\n")]);
});

it("throws for bytes that are not RESP2", () => {
  expect(() => decodeAll("HTTP/1.1 400 Bad Request\r\n")).toThrow("Not RESP2");
  expect(() => decodeAll("$x\r\n")).toThrow("is not a number");
});

it("joins a value of 20 MB from small chunks and copies it once", () => {
  const value = Buffer.alloc(20 * 1024 * 1024, "x");
  const wire = encodeReplies([value, 7]);
  const chunks = Array.from({ length: Math.ceil(wire.length / 4_096) }, (_, i) =>
    wire.subarray(i * 4_096, (i + 1) * 4_096),
  );
  const concat = vi.spyOn(Buffer, "concat");
  onTestFinished(() => concat.mockRestore());
  const [read, seven] = decodeAll(...chunks);
  expect(read instanceof Buffer && read.equals(value)).toBe(true);
  expect(seven).toBe(7);
  // Joining at every chunk would copy 50 GB.
  const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
  expect(copied).toBeLessThan(2 * wire.length);
});

const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    line.map((text) => new Status(text)),
    line.map((text) => new ReplyError(text)),
    fc.array(tie("reply"), { maxLength: 4 }),
  ),
}));

it("reads any replies however the stream is cut into chunks", () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 6 }), fc.array(fc.nat(200), { maxLength: 10 }), (replies, cuts) => {
      const wire = encodeReplies(replies);
      const edges = [0, ...cuts.map((cut) => Math.min(cut, wire.length)).toSorted((a, b) => a - b), wire.length];
      const chunks = edges.slice(1).map((end, i) => wire.subarray(edges[i], end));
      expect(decodeAll(...chunks)).toEqual(replies);
    }),
  );
});
