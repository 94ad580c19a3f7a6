import { walk } from "../validate/components.ts";

/** A copy of components in which those without a number of their own have the next that is free, as Discord gives them. */
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
