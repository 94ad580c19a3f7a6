const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Returns whether JSON nests deeper than `max` objects and arrays, by its characters alone: `JSON.stringify` and other recursive
 * code run out of stack some thousand levels down. Takes one pass; none of ours for a text with few brackets, as most are.
 */
export function isNestedDeeperThan(max: number, json: string): boolean {
  return hasMoreThan(max, json) && isDeeper(max, json);
}

// --- Internal helpers ---

/** Returns whether a text has more than `max` brackets that open. The platform finds them faster than a loop. */
function hasMoreThan(max: number, text: string): boolean {
  let count = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > max) return true;
    }
  }
  return false;
}

function isDeeper(max: number, json: string): boolean {
  const { length } = json;
  let depth = 0;
  for (let index = 0; index < length; index++) {
    const code = json.charCodeAt(index);
    if (code === quote) {
      for (index += 1; index < length && json.charCodeAt(index) !== quote; index++) {
        if (json.charCodeAt(index) === backslash) index += 1;
      }
    } else if (code === openObject || code === openArray) {
      depth += 1;
      if (depth > max) return true;
    } else if (code === closeObject || code === closeArray) depth -= 1;
  }
  return false;
}
