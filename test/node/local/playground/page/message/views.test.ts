import { afterEach, expect, it, vi } from "vitest";
import { billOf, limitMs, pretty } from "../../../../../../local/playground/page/drawer/figures.ts";
import { type Highlighted, highlight } from "../../../../../../local/playground/page/markdown/highlight.ts";
import { authorOf } from "../../../../../../local/playground/page/message/author.ts";
import { formatSize, localPicture } from "../../../../../../local/playground/page/message/pictures.ts";
import { clockTime, formatDay, formatSent, isSameDay } from "../../../../../../local/playground/page/message/times.ts";
import { colourStyle } from "../../../../../../local/playground/page/shell/colour.ts";

afterEach(() => void vi.unstubAllGlobals());

const at = (day: number, hour: number) => new Date(2026, 5, day, hour, 5).getTime();

it("says when a message was sent: today, yesterday, or on a day", () => {
  const now = at(10, 12);
  expect(formatSent(at(10, 0), now)).toBe("00:05");
  expect(formatSent(at(9, 23), now)).toBe("Yesterday at 23:05");
  expect(formatSent(at(9, 0), now)).toBe("Yesterday at 00:05");
  expect(formatSent(at(8, 23), now)).toBe("08/06/2026, 23:05");
  expect(formatSent(at(11, 0), now)).toBe("11/06/2026, 00:05");
  expect([clockTime(at(10, 16)), formatDay(at(10, 16))]).toEqual(["16:05", "10 June 2026"]);
  expect([isSameDay(at(10, 0), at(10, 23)), isSameDay(at(10, 0), at(9, 23))]).toEqual([true, false]);
});

it.each([
  [0, "0 bytes"],
  [1_023, "1023 bytes"],
  [1_024, "1 KB"],
  [1_536, "1.5 KB"],
  [10 * 1_048_576, "10 MB"],
  [1_288_490, "1.23 MB"],
  [2 ** 30, "1 GB"],
  [2 ** 41, "2048 GB"],
])("shows %i bytes as %s", (bytes, words) => {
  expect(formatSize(bytes)).toBe(words);
});

it.each([
  ["/attachments/1/a.png?x=1", "/attachments/1/a.png?x=1"],
  ["http://127.0.0.1:8788/a.png", "/a.png"],
  ["http://localhost:8788/a.png", undefined],
  ["http://127.0.0.1:8788@evil.test/a.png", undefined],
  ["https://cdn.discordapp.com/avatars/1/a.png?size=64", "/cdn/avatars/1/a.png?size=64"],
  ["https://media.discordapp.net/a.png", "/cdn/a.png"],
  ["https://evil.test/a.png", undefined],
  ["data:image/png;base64,AA", undefined],
  ["blob:http://127.0.0.1:8788/x", undefined],
  ["http://[bad", undefined],
])("loads the picture %s from %s", (url, path) => {
  vi.stubGlobal("location", new URL("http://127.0.0.1:8788/channels/1"));
  expect(localPicture(url)).toBe(path);
});

const person = (id: string, name: string) => ({ id, name, avatar: `/cdn/${id}` });
const world = { application: person("1", "Sandpiper"), people: [person("2", "Ada"), person("3", "Grace")] } as never;
const guild = { members: [{ ...person("3", "Harbour master"), color: 5 }] } as never;
const from = (id: string, more: object = {}) => ({ author: { id, username: "u", ...more } }) as never;

it("shows an author as the server knows them, else the world, else Discord", () => {
  expect(authorOf(from("3"), world, guild)).toEqual({
    id: "3",
    name: "Harbour master",
    avatar: "/cdn/3",
    isBot: false,
    colour: 5,
  });
  expect(authorOf(from("3"), world)).toMatchObject({ name: "Grace", colour: undefined });
  expect(authorOf(from("2"), world, guild)).toMatchObject({ name: "Ada", avatar: "/cdn/2" });
  expect(authorOf(from("1"), world)).toMatchObject({ name: "Sandpiper", avatar: "/cdn/1", isBot: true });
  expect(authorOf(from("99", { global_name: "Other", bot: true }), world)).toMatchObject({
    name: "Other",
    isBot: true,
  });
  expect(authorOf(from("1108"), world)).toMatchObject({
    name: "u",
    isBot: false,
    avatar: "https://cdn.discordapp.com/embed/avatars/2.png",
  });
  expect(authorOf(from("9", { avatar: "h" }), world).avatar).toBe("https://cdn.discordapp.com/avatars/9/h.png");
});

it.each([
  [[], [], "0 commands, 0 round trips"],
  [[1], [], "1 command, 1 round trip"],
  [[1, 2], [1], "3 commands, 2 round trips · 1 REST"],
  [[2], [1, 2], "2 commands, 1 round trip · 2 REST"],
])("bills %j and %j as %s", (billed, rest, words) => {
  expect(billOf({ redis: billed.map((one) => ({ billed: one })), rest } as never)).toBe(words);
});

it("shows JSON over several lines, and a colour with all its digits", () => {
  expect([pretty('{"a":1}'), pretty("{"), limitMs]).toEqual(['{\n  "a": 1\n}', "{", 3_000]);
  expect([colourStyle(255), colourStyle(0xff_ff_ff), colourStyle(0), colourStyle(null)]).toEqual([
    { "--colour": "#0000ff" },
    { "--colour": "#ffffff" },
    undefined,
    undefined,
  ]);
});

const plain = (parts: readonly Highlighted[]): string =>
  parts.map((part) => (typeof part === "string" ? part : plain(part.children))).join("");

it("colours code of a known language, and changes none of its text", () => {
  const code = "const a = '<b> & \"c\"'; // 'd' `${e}`";
  for (const language of ["js", "typescript", "python", "bash"]) {
    const parts = highlight(code, language);
    expect([plain(parts), parts.some((part) => typeof part !== "string")]).toEqual([code, true]);
  }
  expect(highlight(code, "klingon")).toEqual([code]);
  expect(highlight('{"a":1}', "json")[0]).toMatchObject({ className: "hljs-punctuation", children: ["{"] });
});
