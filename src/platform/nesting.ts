/**
 * Returns whether JSON nests deeper than `max` objects and arrays, by its text alone: `JSON.stringify` and other recursive code
 * run out of stack some thousand levels down. Takes time in proportion to the length.
 */
export function isNestedDeeperThan(max: number, json: Uint8Array): boolean {
  let depth = 0;
  let isText = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index];
    if (isText) {
      if (byte === code.backslash) index += 1;
      else if (byte === code.quote) isText = false;
    } else if (byte === code.quote) isText = true;
    else if (byte === code.openObject || byte === code.openArray) {
      depth += 1;
      if (depth > max) return true;
    } else if (byte === code.closeObject || byte === code.closeArray) depth -= 1;
  }
  return false;
}

// --- Internal helpers ---

const code = { quote: 0x22, backslash: 0x5c, openObject: 0x7b, closeObject: 0x7d, openArray: 0x5b, closeArray: 0x5d };
