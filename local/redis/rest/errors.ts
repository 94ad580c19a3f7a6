/** A request that is refused as a whole: its HTTP status and the text of its `{"error": …}`. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Upstash's words for a command it does not have. */
export const notAvailable = (command: string): string =>
  `ERR Command is not available: '${command}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`;

/** Upstash's words for a command that a stateless request cannot use, or that has a path of its own such as `/subscribe`. */
export const notAllowed = (command: string): string =>
  `ERR Command "${command}" is not allowed in REST or it has a special context path`;

export const wrongToken =
  "WRONGPASS invalid or missing auth token. See https://docs.upstash.com/redis/troubleshooting/http_unauthorized for details.";

export const tooLarge = (bytes: number): string =>
  `ERR max request size exceeded. Limit: ${maxBytes} bytes, Actual: ${bytes} bytes. ` +
  "See https://docs.upstash.com/redis/troubleshooting/max_request_size_exceeded for details";

/** Upstash's limit, for one command's arguments and for one command's result. */
export const maxBytes = 10 * 1024 * 1024;
