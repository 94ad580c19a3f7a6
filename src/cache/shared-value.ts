/**
 * Freezes plain data deeply, so that no reader changes what others read. Returns whether that is enough: a `Date`, a `Map` or an
 * instance of a class changes although it is frozen, and is left as it is.
 */
export function freezePlain(value: unknown): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined || left.length > 0; next = left.pop()) {
    if (typeof next === "function") return false;
    // A value that is no object counts as frozen.
    if (Object.isFrozen(next)) continue;
    const prototype: unknown = Object.getPrototypeOf(next);
    if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false;
    Object.freeze(next);
    left.push(...Object.values(next as object));
  }
  return true;
}
