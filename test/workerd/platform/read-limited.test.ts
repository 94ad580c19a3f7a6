import { expect, it } from "vitest";
import { readLimited } from "../../../src/platform/index.ts";

/** A request whose body comes in chunks, with or without its length announced. */
function post(
  chunks: readonly string[],
  announced?: string,
): { request: Request; pulled(): number; isCancelled(): boolean } {
  let [pulled, isCancelled] = [0, false];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[pulled++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(chunk));
      },
      cancel: () => void (isCancelled = true),
    },
    { highWaterMark: 0 },
  );
  const request = new Request("https://bot.test", {
    method: "POST",
    body,
    ...(announced !== undefined && { headers: { "Content-Length": announced } }),
    duplex: "half",
  } as RequestInit);
  return { request, pulled: () => pulled, isCancelled: () => isCancelled };
}

const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

it.each([
  ["announced", "6"],
  ["unannounced", undefined],
])("reads a body of as many bytes as are allowed, in order, and none of one more: %s", async (_how, announced) => {
  const whole = post(["ab", "ä", "cd"], announced);
  expect(textOf(await readLimited(whole.request, 6))).toBe("abäcd");
  expect(await readLimited(post(["ab", "ä", "cd"], announced).request, 5)).toBeUndefined();
});

it("reads no further than it has to", async () => {
  const long = post(["abc", "def", "ghi", "jkl"]);
  expect(await readLimited(long.request, 4)).toBeUndefined();
  expect([long.pulled(), long.isCancelled()]).toEqual([2, true]);
  const announced = post(["abc", "def"], "6");
  expect(await readLimited(announced.request, 5)).toBeUndefined();
  expect([announced.pulled(), announced.isCancelled()]).toEqual([0, true]);
});

it("does not take a length that is no number for a small one", async () => {
  expect(await readLimited(post(["abc"], "many").request, 100)).toBeUndefined();
});

it("reads no body as no bytes", async () => {
  expect(await readLimited(new Request("https://bot.test", { method: "POST" }), 5)).toEqual(new Uint8Array());
});
