import { expect, it } from "vitest";
import { checkSize, checkType, keepPicked } from "../../../../../local/discord/interactions/picked-files.ts";
import { startWorld } from "./support.ts";

it.each<[string, unknown, boolean]>([
  ["a.png", ["image"], true],
  ["a.PNG", ["image"], true],
  ["a.b.jpg", ["image"], true],
  ["a.jfif", ["video", "image"], true],
  ["a.heic", ["image"], false],
  ["a.svg", ["image"], false],
  ["a.qt", ["video"], true],
  ["a.mkv", ["video"], false],
  ["a.aac", ["audio"], false],
  ["a.mp4", ["image", "video"], true],
  ["a.mp3", ["audio"], true],
  ["a.pdf", [".pdf"], true],
  ["a.pdf", [".PDF"], true],
  ["a.pdf", ["image", ".pdf"], true],
  ["a.txt", [], true],
  ["a.txt", undefined, true],
  ["a.txt", "image", true],
  ["a.txt", ["image"], false],
  ["a.png", ["video"], false],
  ["a.xpdf", [".pdf"], false],
  ["a.pdf.exe", [".pdf"], false],
  ["png", ["image"], true],
  ["a", ["image"], false],
  ["a.", ["image"], false],
  ["a.pdf", ["pdf"], false],
])("attaches %s where %j is accepted: %s", (name, types, isFit) => {
  const check = () => checkType(name, types);
  if (isFit) check();
  else expect(check).toThrow(`${name} cannot be attached here. Accepted: ${(types as string[]).join(", ")}.`);
});

it("takes 10 MiB of a file, counted in bytes", () => {
  const most = 10 * 1_048_576;
  for (const data of [new Uint8Array(most), "x".repeat(most), "ä".repeat(most / 2)]) checkSize({ name: "a", data });
  for (const data of [new Uint8Array(most + 1), "x".repeat(most + 1), `x${"ä".repeat(most / 2)}`])
    expect(() => checkSize({ name: "a", data })).toThrow("a is too large: the limit is 10 MiB.");
});

it("keeps a file as one that is soon gone, with its type or that of any file", async () => {
  const { context } = startWorld();
  const kept = await keepPicked(context, "5", { name: "a.txt", type: "text/plain", data: "hello" });
  expect(kept).toMatchObject({ filename: "a.txt", size: 5, content_type: "text/plain", ephemeral: true });
  expect(await keepPicked(context, "5", { name: "b", data: "x" })).toMatchObject({
    content_type: "application/octet-stream",
  });
});
