import fc from "fast-check";
import { expect, it } from "vitest";
import { createDecoder } from "../../../../local/redis/resp/decode.ts";
import { encodeReply } from "../../../../local/redis/resp/encode.ts";
import { type Reply, ReplyError, Status } from "../../../../local/redis/resp/reply.ts";

/** The replies in `bytes`, cut into pieces of `size`. */
function decode(bytes: Buffer, size = bytes.length): Reply[] {
  const replies: Reply[] = [];
  const push = createDecoder((reply) => replies.push(reply));
  for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size));
  return replies;
}

const line = fc.string({ unit: "grapheme-ascii" });
const { reply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    line.map((text) => new Status(text)),
    line.map((text) => new ReplyError(text)),
    fc.array(tie("reply"), { maxLength: 4 }),
  ),
}));

it("reads whatever can be written, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(reply, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (replies, size) => {
      const bytes = Buffer.concat(replies.map(encodeReply));
      expect(Buffer.concat(decode(bytes, size).map(encodeReply)).equals(bytes)).toBe(true);
    }),
  );
});

it("tells a status from a bulk string, a null list from an empty one, and keeps long integers", () => {
  expect(decode(Buffer.from("+OK\r\n$2\r\nOK\r\n*-1\r\n*0\r\n:9223372036854775807\r\n:-1\r\n"))).toEqual([
    new Status("OK"),
    Buffer.from("OK"),
    null,
    [],
    9223372036854775807n,
    -1,
  ]);
});

it("refuses bytes that are no RESP2", () => {
  expect(() => decode(Buffer.from("HTTP/1.1 400 Bad Request\r\n"))).toThrow(/not a RESP2 reply/);
});
