/** What a person could not do in Discord; the message says what they could. */
export class LineError extends Error {
  override readonly name = "LineError";
}
