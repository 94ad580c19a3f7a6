import { walk } from "../validate/components.ts";

/** Returns a copy of components in which those without an `id` have the next free number, as at Discord. */
export function withIds(components: unknown): unknown {
  const copy: unknown = structuredClone(components);
  const all = walk(copy).map(({ component }) => component);
  const taken = new Set(all.map(({ id }) => id));
  let next = 1;
  for (const component of all) {
    if (typeof component["id"] === "number" && component["id"] > 0) continue;
    while (taken.has(next)) next += 1;
    component["id"] = next++;
  }
  return copy;
}
