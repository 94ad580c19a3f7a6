/** Returns a function that makes its value when it is first called, and returns the same value from then on. */
export function lazy<T>(create: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}
