/** Returns the items whose names fit a query, the best first; all of them in their order for an empty query. */
export function fuzzyFilter<T>(items: readonly T[], query: string, nameOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, score: scoreOf(query, nameOf(item)) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ item }) => item);
}

// --- Internal helpers ---

/**
 * Returns how well a name fits a query, 0 when it does not. The words of the query begin words of the name in their order
 * (`r a` fits `role add`), or its letters are in the name in their order.
 */
function scoreOf(query: string, name: string): number {
  const wanted = query.toLowerCase().trim();
  const given = name.toLowerCase();
  if (wanted === "") return 1;
  if (given.startsWith(wanted)) return 4;
  const words = given.split(/[\s_-]+/);
  let at = 0;
  const isByWords = wanted.split(/\s+/).every((part) => {
    const found = words.findIndex((word, index) => index >= at && word.startsWith(part));
    at = found + 1;
    return found >= 0;
  });
  if (isByWords) return 3;
  if (given.includes(wanted)) return 2;
  let from = 0;
  const isSpread = Array.from(wanted.replace(/\s/g, "")).every((letter) => {
    from = given.indexOf(letter, from) + 1;
    return from > 0;
  });
  return isSpread ? 1 : 0;
}
