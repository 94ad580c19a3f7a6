/**
 * Returns a path of a URL whose interpolated values are one segment each. Throws a `RangeError` for a value that could lead to
 * another path: an empty one, `.`, `..`, or one with any of `/ \ ? # %`, a blank or a control character. Other characters are
 * percent-encoded. The literal parts stay as they are.
 *
 * @example
 * path`/channels/${channelId}/messages`; // "/channels/1100000000000000111/messages"
 * path`/channels/${"../users"}/messages`; // RangeError
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  return literals.reduce((made, literal, index) => `${made}${segment(values[index - 1] ?? "")}${literal}`);
}

// --- Internal helpers ---

function segment(value: string): string {
  if (!/^[^/\\?#%\p{Cc}\s]+$/u.test(value) || value === "." || value === "..") {
    throw new RangeError(`${JSON.stringify(value.slice(0, 100))} is not one segment of a path.`);
  }
  return encodeURIComponent(value.toWellFormed()).replaceAll("%40", "@");
}
