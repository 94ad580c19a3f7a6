/** An action that Discord's client would not allow. The message says why, and where it helps, what is allowed. */
export class LineError extends Error {
  override readonly name = "LineError";
}
