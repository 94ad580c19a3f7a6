import { describe, expect, it } from "vitest";
import type { AnswerStore, Outgoing } from "../../../../src/discord/index.ts";

/** Opens stores of isolates that share what is kept; each call of the factory begins with nothing kept. */
export type AnswerStores = () => { open(): AnswerStore };

/** Every `AnswerStore` passes these. */
export function testAnswerStore(name: string, createStores: AnswerStores): void {
  const answer: Outgoing = { type: 4, data: { content: "done", flags: 64 } };

  describe(`the answer store over ${name}`, () => {
    it("answers first to one claim of an interaction, and running to later ones on any isolate", async () => {
      const { open } = createStores();
      const [one, other] = [open(), open()];
      expect(await one.claim("1")).toEqual({ state: "first" });
      expect(await one.claim("1")).toEqual({ state: "running" });
      expect(await other.claim("1")).toEqual({ state: "running" });
      expect(await other.claim("2")).toEqual({ state: "first" });
    });

    it("returns the kept answer to a later claim on any isolate", async () => {
      const { open } = createStores();
      const [one, other] = [open(), open()];
      await one.claim("1");
      await one.keep("1", answer);
      expect(await one.claim("1")).toEqual({ state: "answered", answer });
      expect(await other.claim("1")).toEqual({ state: "answered", answer });
    });

    it.each<[string, Outgoing]>([
      ["an answer without data", { type: 6 }],
      ["a deferral", { type: 5, data: { flags: 64 } }],
      ["a form", { type: 9, data: { custom_id: "form", title: "Form", components: [] } }],
      ["quotes, line breaks and other scripts", { type: 4, data: { content: '"\n\\ 日本 🐦' } }],
    ])("returns %s to a duplicate as it was kept", async (_name, kept) => {
      const store = createStores().open();
      await store.claim("1");
      await store.keep("1", kept);
      expect(await store.claim("1")).toEqual({ state: "answered", answer: kept });
    });

    it("returns files to a duplicate with their bytes", async () => {
      const store = createStores().open();
      await store.claim("1");
      const files = [
        { name: "text.txt", data: "ä", description: "A text" },
        { name: "bytes.bin", data: Uint8Array.of(0, 255, 128), type: "x/y" },
        { name: "blob.bin", data: new Blob([Uint8Array.of(1, 2)]), is_spoiler: true },
      ];
      await store.keep("1", { type: 4, data: { content: "files", files } });
      const claim = await store.claim("1");
      const kept = claim.state === "answered" ? (claim.answer.data as { files: typeof files }).files : [];
      expect(kept.map(({ data: _data, ...file }) => file)).toEqual(files.map(({ data: _data, ...file }) => file));
      const bytes = await Promise.all(kept.map(({ data }) => new Blob([data]).bytes()));
      expect(bytes).toEqual([Uint8Array.of(0xc3, 0xa4), Uint8Array.of(0, 255, 128), Uint8Array.of(1, 2)]);
    });

    it("answers first to exactly one of twenty claims at once", async () => {
      const { open } = createStores();
      const claims = await Promise.all(Array.from({ length: 20 }, () => open().claim("1")));
      const states = claims.map(({ state }) => state).toSorted();
      expect(states).toEqual(["first", ...Array.from({ length: 19 }, () => "running")]);
    });
  });
}
