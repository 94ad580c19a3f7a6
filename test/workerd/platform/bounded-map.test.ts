import fc from "fast-check";
import { expect, it } from "vitest";
import { createBoundedMap } from "../../../src/platform/index.ts";

const keysOf = (map: ReturnType<typeof createBoundedMap>): string[] => Array.from(map.entries(), ([key]) => key);

it("forgets the entry used longest ago when there are too many, and counts a read as a use", () => {
  const map = createBoundedMap<number>({ maxEntries: 2, maxWeight: 100 });
  map.set("a", 1, 1);
  map.set("b", 2, 1);
  expect(map.get("a")).toBe(1);
  map.set("c", 3, 1);
  expect(keysOf(map)).toEqual(["a", "c"]);
});

it("forgets as many entries as it takes for a heavy one, and keeps none that is too heavy alone", () => {
  const map = createBoundedMap<string>({ maxEntries: 10, maxWeight: 100 });
  for (const key of ["a", "b", "c"]) map.set(key, key, 30);
  map.set("d", "d", 70);
  expect(keysOf(map)).toEqual(["c", "d"]);
  map.set("c", "too heavy", 101);
  expect(keysOf(map)).toEqual(["d"]);
  map.set("d", "lighter", 1);
  map.set("e", "e", 99);
  expect(keysOf(map)).toEqual(["d", "e"]);
});

it("can be emptied while its entries are read", () => {
  const map = createBoundedMap<number>({ maxEntries: 10, maxWeight: 100 });
  for (const key of ["a", "b", "c"]) map.set(key, 0, 10);
  for (const [key] of map.entries()) if (key !== "b") map.delete(key);
  expect(keysOf(map)).toEqual(["b"]);
  map.clear();
  expect(map.size).toBe(0);
  map.set("heavy", 0, 100);
  expect(map.get("heavy")).toBe(0);
});

it("holds what a list sorted by last use would hold, after any sequence of calls", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e");
  const call = fc.oneof(
    fc.record({ do: fc.constant("get" as const), key }),
    fc.record({ do: fc.constant("delete" as const), key }),
    fc.record({ do: fc.constant("set" as const), key, weight: fc.integer({ min: 0, max: 12 }) }),
  );
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const map = createBoundedMap<number>({ maxEntries: 3, maxWeight: 10 });
      let model: [key: string, weight: number][] = [];
      for (const one of calls) {
        const known = model.find(([name]) => name === one.key);
        if (one.do === "get") {
          expect(map.get(one.key)).toBe(known?.[1]);
          if (known) model = [...model.filter((entry) => entry !== known), known];
          continue;
        }
        model = model.filter((entry) => entry !== known);
        if (one.do === "delete") map.delete(one.key);
        else {
          map.set(one.key, one.weight, one.weight);
          if (one.weight <= 10) model.push([one.key, one.weight]);
          while (model.length > 3 || model.reduce((sum, [, weight]) => sum + weight, 0) > 10) model.shift();
        }
        expect([...map.entries()]).toEqual(model);
      }
    }),
  );
});
