import { expect, it } from "vitest";
import { Status } from "../../../../../local/redis/resp/reply.ts";
import { openReplyStream } from "../../../../../local/redis/resp/stream.ts";

/** A stream over a connection of which the test is the other side. */
async function open() {
  const seen: unknown[] = [];
  const written: string[] = [];
  let push = (_chunk: Buffer) => {};
  let end = () => {};
  let closes = 0;
  const stream = await openReplyStream(
    {
      connect: async () => ({
        write: (bytes) => void written.push(Buffer.from(bytes).toString()),
        onData: (listener) => void (push = listener as typeof push),
        onClose: (listener) => void (end = listener),
        close: () => void (closes += 1),
      }),
    },
    { onReply: (reply) => void seen.push(reply), onClose: () => void seen.push("closed") },
  );
  return {
    stream,
    seen,
    written,
    push: (text: string) => push(Buffer.from(text)),
    end: () => end(),
    closes: () => closes,
  };
}

it("sends a command, and passes on each reply in whatever pieces it comes", async () => {
  const { stream, seen, written, push } = await open();
  stream.start(["SUBSCRIBE", "c"]);
  expect(written).toEqual(["*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n"]);
  push("+O");
  push("K\r\n:5\r\n");
  expect(seen).toEqual([new Status("OK"), 5]);
});

it("closes the connection when it is told to, at what is no reply, and tells that it was closed", async () => {
  const { stream, seen, push, end, closes } = await open();
  push("nonsense\r\n");
  expect([seen, closes()]).toEqual([[], 1]);
  stream.close();
  expect(closes()).toBe(2);
  end();
  expect(seen).toEqual(["closed"]);
});

it("rejects when the engine cannot be reached", async () => {
  const connect = () => Promise.reject(new Error("gone"));
  await expect(openReplyStream({ connect }, { onReply() {}, onClose() {} })).rejects.toThrow("gone");
});
