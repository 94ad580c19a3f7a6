import { expect, it } from "vitest";
import {
  ephemeral,
  isCallback,
  isEphemeral,
  launchActivity,
  messageOf,
  showModal,
  toCallback,
  toSend,
  updateMessage,
} from "../../../src/discord/answer.ts";

const quiet = { allowed_mentions: { parse: [] } };

it("makes a message one for the person alone, whatever other flags it has", () => {
  expect([ephemeral("x"), ephemeral({ content: "x", flags: 4 }), ephemeral({ flags: 68 as never })]).toEqual([
    { content: "x", flags: 64 },
    { content: "x", flags: 68 },
    { flags: 68 },
  ]);
  expect([{}, { flags: 0 }, { flags: 4 }, { flags: 64 }, { flags: 68 }].map(isEphemeral)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

it("lists the files of a message after those that it has, and notifies no people with it", () => {
  expect(toSend({ content: "x" })).toEqual({ content: "x", ...quiet });
  expect(toSend({ attachments: [{ id: 0 }] })).toEqual({ attachments: [{ id: 0 }], ...quiet });
  const files = [
    { name: "a", data: "x" },
    { name: "b", data: "y", description: "", is_spoiler: false },
  ];
  expect(toSend({ files })).toEqual({
    ...quiet,
    attachments: [
      { id: 0, filename: "a" },
      { id: 1, filename: "b", description: "", is_spoiler: false },
    ],
    files,
  });
  const kept = { id: "7", filename: "old" };
  expect(toSend({ attachments: [kept], files: files.slice(0, 1) }).attachments).toEqual([
    kept,
    { id: 0, filename: "a" },
  ]);
});

it("gives each answer Discord's number, and no mentions but those that it names", () => {
  const loud = { content: "<@1>", allowed_mentions: { users: ["1"] } };
  expect(toCallback("x")).toEqual({ type: 4, data: { content: "x", ...quiet } });
  expect(toCallback(loud)).toEqual({ type: 4, data: loud });
  expect(toCallback(updateMessage("x"))).toEqual({ type: 7, data: { content: "x", ...quiet } });
  expect(toCallback(showModal({ custom_id: "a", title: "A", components: [] }))).toEqual({
    type: 9,
    data: { custom_id: "a", title: "A", components: [] },
  });
  expect(toCallback(launchActivity())).toEqual({ type: 12 });
  expect(["x", { content: "x" }, updateMessage("x")].map(isCallback)).toEqual([false, false, true]);
  expect(messageOf("x")).toEqual({ content: "x" });
});
