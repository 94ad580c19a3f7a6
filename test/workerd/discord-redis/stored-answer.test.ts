import { expect, it } from "vitest";
import { readClaim, writeAnswer } from "../../../src/discord-redis/stored-answer.ts";

// What a duplicate delivery is told, by the text that the first one left.

it.each<[string, object]>([
  ['{"claimedBy":"me"}', { state: "running" }],
  ['{"claimedBy":""}', { state: "running" }],
  ['{"type":6}', { state: "answered", answer: { type: 6 } }],
  ['{"type":4,"data":{"content":"x"}}', { state: "answered", answer: { type: 4, data: { content: "x" } } }],
  ['{"type":4,"data":{},"files":[]}', { state: "answered", answer: { type: 4, data: { files: [] } } }],
  [
    '{"type":4,"data":{},"files":[{"name":"a","type":"x/y","base64":"AP8="}]}',
    {
      state: "answered",
      answer: { type: 4, data: { files: [{ name: "a", type: "x/y", data: Uint8Array.of(0, 255) }] } },
    },
  ],
])("reads %s as what it says", (text, expected) => {
  expect(readClaim(text)).toEqual(expected);
});

const withFiles = (files: unknown) => JSON.stringify({ type: 4, data: {}, files });
it.each([
  "",
  "{",
  "null",
  "7",
  "[]",
  "{}",
  '{"claimedBy":7}',
  '[{"claimedBy":"me"}]',
  '{"type":"4"}',
  '{"type":4,"data":null}',
  '{"type":4,"data":[]}',
  '{"type":4,"data":"x"}',
  ...[{}, "x", null, [{}], [null], ["x"], [[]], [{ name: "a" }], [{ base64: "AP8=" }]].map(withFiles),
  ...[
    { name: 7, base64: "AP8=" },
    { name: "a", base64: 7 },
  ].map((file) => withFiles([{ name: "a", base64: "" }, file])),
])("refuses %s, which says nothing about a delivery", (text) => {
  expect(() => readClaim(text)).toThrow();
});

it("writes an answer so that it reads the same, with the bytes of its files", async () => {
  const data = { content: "x", files: [{ name: "a", data: Uint8Array.of(0, 255), type: "x/y", is_spoiler: true }] };
  for (const answer of [{ type: 6 }, { type: 4, data: { content: "x" } }, { type: 4, data }]) {
    expect(readClaim(await writeAnswer(answer))).toEqual({ state: "answered", answer });
  }
  const file = { name: "a", data: "ä" };
  expect(await writeAnswer({ type: 4, data: { files: [file] } })).toBe(
    '{"type":4,"data":{},"files":[{"name":"a","base64":"w6Q="}]}',
  );
});
