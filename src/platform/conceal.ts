/**
 * Returns a text in which "…" stands for each secret of four characters or more. Platforms quote the values that they refuse, such as a
 * token with a line break in a header.
 *
 * @example
 * conceal('"Bearer abc" is an invalid header value', "abc"); // '"Bearer …" is an invalid header value'
 */
export const conceal = (text: string, ...secrets: readonly (string | undefined)[]): string =>
  secrets.reduce<string>(
    (shown, secret) => ((secret?.length ?? 0) > 3 ? shown.replaceAll(String(secret), "\u2026") : shown),
    text,
  );
