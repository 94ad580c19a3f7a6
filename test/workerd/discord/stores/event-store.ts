import { describe, expect, it } from "vitest";
import type { EventStore } from "../../../../src/discord/index.ts";

/** Opens stores of isolates that share what is kept; each call of the factory begins with nothing kept. */
export type EventStores = () => { open(): EventStore };

/** Every `EventStore` passes these. */
export function testEventStore(name: string, createStores: EventStores): void {
  describe(`the event store over ${name}`, () => {
    it("claims an event once, on whichever isolate it arrives again", async () => {
      const { open } = createStores();
      const [one, other] = [open(), open()];
      expect(await one.claim("a")).toBe(true);
      expect(await one.claim("a")).toBe(false);
      expect(await other.claim("a")).toBe(false);
      expect(await other.claim("b")).toBe(true);
    });

    it("gives an event to one of many claims at once", async () => {
      const { open } = createStores();
      const claims = await Promise.all(Array.from({ length: 20 }, () => open().claim("a")));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });
  });
}
