import { describe, expect, it } from "vitest";
import type { CooldownStore } from "../../../../src/discord/index.ts";
import type { Clock } from "../../../../src/platform/index.ts";

/** Opens stores of isolates that share what is counted; each call of the factory begins with nothing counted. */
export type CooldownStores = () => { open(clock: Pick<Clock, "now">): CooldownStore };

/** Ten minutes: longer than a test may take, since Redis keeps its own time. */
const windowMs = 600_000;

/** Every `CooldownStore` passes these. */
export function testCooldownStore(name: string, createStores: CooldownStores): void {
  /** Isolates on one clock that is moved by hand. */
  function createFleet() {
    const stores = createStores();
    const time = { at: Date.parse("2026-06-01T12:00:00Z") };
    return { time, open: () => stores.open({ now: () => time.at }) };
  }
  const allowed = { isAllowed: true };
  const refused = (retryAfterMs: number) => ({ isAllowed: false, retryAfterMs });

  describe(`the cooldown store over ${name}`, () => {
    it("allows as many uses as the limit, then says when the first one leaves the window", async () => {
      const { time, open } = createFleet();
      const store = open();
      expect(await store.use("a", 2, windowMs)).toEqual(allowed);
      time.at += 240_000;
      expect(await store.use("a", 2, windowMs)).toEqual(allowed);
      expect(await store.use("a", 2, windowMs)).toEqual(refused(360_000));
      time.at += 359_999;
      expect(await store.use("a", 2, windowMs)).toEqual(refused(1));
      time.at += 1;
      expect(await store.use("a", 2, windowMs)).toEqual(allowed);
      expect(await store.use("a", 2, windowMs)).toEqual(refused(240_000));
    });

    it("does not count a refused use", async () => {
      const { time, open } = createFleet();
      const store = open();
      await store.use("a", 1, windowMs);
      for (let minute = 1; minute < 10; minute++) {
        time.at += 60_000;
        expect(await store.use("a", 1, windowMs)).toEqual(refused(windowMs - minute * 60_000));
      }
      time.at += 60_000;
      expect(await store.use("a", 1, windowMs)).toEqual(allowed);
    });

    it("counts uses under another name separately", async () => {
      const store = createFleet().open();
      expect(await store.use("a", 1, windowMs)).toEqual(allowed);
      expect(await store.use("b", 1, windowMs)).toEqual(allowed);
      expect(await store.use("a", 1, windowMs)).toEqual(refused(windowMs));
    });

    it("counts the uses of all isolates together", async () => {
      const { time, open } = createFleet();
      const [one, other] = [open(), open()];
      expect(await one.use("a", 3, windowMs)).toEqual(allowed);
      time.at += 60_000;
      expect(await other.use("a", 3, windowMs)).toEqual(allowed);
      time.at += 60_000;
      expect(await one.use("a", 3, windowMs)).toEqual(allowed);
      expect(await one.use("a", 3, windowMs)).toEqual(refused(480_000));
      expect(await other.use("a", 3, windowMs)).toEqual(refused(480_000));
      time.at += 480_000;
      expect(await other.use("a", 3, windowMs)).toEqual(allowed);
      expect(await one.use("a", 3, windowMs)).toEqual(refused(60_000));
    });

    it.each([1, 5, 20])("allows exactly %i of forty uses at once, on three isolates", async (limit) => {
      const { open } = createFleet();
      const isolates = [open(), open(), open()];
      const uses = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => isolates[index % isolates.length]?.use("a", limit, windowMs)),
      );
      expect(uses.filter((use) => use?.isAllowed)).toHaveLength(limit);
    });

    it("allows the full limit again in every new window", async () => {
      const { time, open } = createFleet();
      const store = open();
      for (let window = 0; window < 3; window++) {
        for (let use = 0; use < 3; use++) expect(await store.use("a", 3, windowMs)).toEqual(allowed);
        expect(await store.use("a", 3, windowMs)).toEqual(refused(windowMs));
        time.at += windowMs;
      }
    });
  });
}
