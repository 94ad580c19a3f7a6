/** One field that Discord refuses: its path in the body, and the reason. */
export interface FieldProblem {
  /** `data.embeds.0.title`; empty for the body as a whole. */
  path: string;
  code: string;
  message: string;
}

/** Discord refused a call. The error holds no secret: tokens are left out of the route. */
export class DiscordApiError extends Error {
  override readonly name = "DiscordApiError";
  readonly status: number;
  /** Discord's own number, or 0 without one: https://docs.discord.com/developers/topics/opcodes-and-status-codes */
  readonly code: number;
  readonly fields: readonly FieldProblem[];
  readonly route: string;
  /** The call was not sent, as Discord refused the same a moment ago. */
  readonly isRemembered: boolean;
  constructor(route: string, status: number, refusal: Refusal, isRemembered = false) {
    const { code, message, fields } = refusal;
    const details = fields.map((field) => `${field.path}: ${field.message}`).join(" ");
    super(`${route}: HTTP ${status}, ${code} ${message}${details && ` (${details})`}`);
    this.route = route;
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.isRemembered = isRemembered;
  }
}

/** Returns whether Discord forbids a request, or does not know its object, such as a deleted channel: sent again, it is refused again. */
export const isForbidden = (error: unknown): error is DiscordApiError =>
  error instanceof DiscordApiError && (error.status === 403 || error.status === 404);

/** Discord's limits leave no room for this call within its time. */
export class DiscordRateLimitError extends Error {
  override readonly name = "DiscordRateLimitError";
  readonly retryAfterMs: number;
  constructor(route: string, retryAfterMs: number) {
    super(`${route}: rate limited for another ${Math.ceil(retryAfterMs)} ms, longer than the call may take`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Discord did not answer. A call that is not repeatable may have taken effect. */
export class DiscordUnreachableError extends Error {
  override readonly name = "DiscordUnreachableError";
  constructor(route: string, reason: string, options?: ErrorOptions) {
    super(`${route}: Discord did not answer: ${reason}`, options);
  }
}

/** The body of a refusal, with its error tree made flat. */
export interface Refusal {
  code: number;
  message: string;
  fields: readonly FieldProblem[];
}

/** Returns a refusal from its body. Any body but Discord's JSON, such as a page of Cloudflare's, has code 0. */
export function readRefusal(text: string, status: number): Refusal {
  const body = parseObject(text);
  return {
    code: typeof body["code"] === "number" ? body["code"] : 0,
    message: typeof body["message"] === "string" ? body["message"] : `no reason given with HTTP ${status}`,
    fields: flatten(body["errors"], ""),
  };
}

/** Returns the JSON object in a text, or an empty one. Never throws. */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

// --- Internal helpers ---

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function flatten(tree: unknown, path: string): FieldProblem[] {
  if (!isObject(tree)) return [];
  return Object.entries(tree).flatMap(([key, inner]) => {
    if (key !== "_errors") return flatten(inner, path === "" ? key : `${path}.${key}`);
    if (!Array.isArray(inner)) return [];
    return inner.filter(isObject).map(({ code, message }) => ({ path, code: String(code), message: String(message) }));
  });
}
