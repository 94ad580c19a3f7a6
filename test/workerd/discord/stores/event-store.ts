import { describe, expect, it } from "vitest";
import type { EventStore } from "../../../../src/discord/index.ts";

/** Opens stores of isolates that share what is kept; each call of the factory begins with nothing kept. */
export type EventStores = () => { open(): EventStore };

/** Every `EventStore` passes these. */
export function testEventStore(name: string, createStores: EventStores): void {
  describe(`the event store over ${name}`, () => {
    it("accepts the first claim of an event, and refuses later ones on any isolate", async () => {
      const { open } = createStores();
      const [one, other] = [open(), open()];
      expect(await one.claim("a")).toBe(true);
      expect(await one.claim("a")).toBe(false);
      expect(await other.claim("a")).toBe(false);
      expect(await other.claim("b")).toBe(true);
    });

    it("accepts exactly one of twenty claims of an event at once", async () => {
      const { open } = createStores();
      const claims = await Promise.all(Array.from({ length: 20 }, () => open().claim("a")));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });
  });
}
