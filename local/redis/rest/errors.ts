/** The refusal of a whole request: its HTTP status, and the text of its `{"error": …}`. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Upstash's limit, in bytes, for the arguments of one command and for its result. */
export const maxCommandBytes = 10 * 1024 * 1024;

export const wrongToken =
  "WRONGPASS invalid or missing auth token. See https://docs.upstash.com/redis/troubleshooting/http_unauthorized for details.";

/** Upstash's words for a command that Upstash or the engine does not have. */
export const notAvailable = (command: string): string =>
  `ERR Command is not available: '${command}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;

/** Upstash's words for a command that needs a connection's state, or that has its own path, such as `/subscribe`. */
export const notAllowed = (command: string): string =>
  `ERR Command "${command}" is not allowed in REST or it has a special context path`;

export const tooLarge = (bytes: number, limit: number = maxCommandBytes): string =>
  `ERR max request size exceeded. Limit: ${limit} bytes, Actual: ${bytes} bytes. ` +
  "See https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded for details";

export const keyTooLarge = (bytes: number, limit: number): string =>
  `ERR max key size exceeded. Limit: ${limit} bytes, Actual: ${bytes} bytes`;
