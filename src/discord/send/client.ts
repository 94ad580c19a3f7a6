import { BudgetSpentError, type Clock, conceal, reasonOf, systemClock } from "../../platform/index.ts";
import { after } from "../after.ts";
import type { CallOptions } from "./call-options.ts";
import { createDirect, type Direct, forgetDirect } from "./direct.ts";
import { DiscordApiError, DiscordRateLimitError, DiscordUnreachableError, parseObject, readRefusal } from "./errors.ts";
import { noteHeaders, noteLimit, type RestState, remember, takeTurn } from "./limits.ts";
import { quietBody } from "./mentions.ts";
import { toMultipart } from "./multipart.ts";
import { addressOf, type Route, routeOf } from "./route.ts";

export interface RestOptions {
  /** `https://discord.com/api/v10`, or a simulator's. */
  baseUrl: string;
  applicationId: string;
  /** The bot's token. Without it, only paths with an interaction's token can be called. */
  token?: string;
  /** The isolate's share: rate limits and refusals. */
  state: RestState;
  fetch?: typeof fetch;
  clock?: Clock;
  /** For one call with all its waits and attempts, in milliseconds. Default: 10,000. */
  timeoutMs?: number;
  /** Told of each attempt: its route without ids, the status of the answer or 0 when none came, and how long it took. */
  onAttempt?(attempt: RestAttempt): void;
  /** Runs each attempt, such as in a span of a trace. Default: as it is. */
  around?<T>(route: string, send: () => Promise<T>): Promise<T>;
  /** Returns whether there are requests left to try a failed call again. Default: always. */
  mayTryAgain?(): boolean;
}

/** One request to Discord. */
export interface RestAttempt {
  route: string;
  /** 0: no answer came. */
  status: number;
  ms: number;
}

/**
 * Discord's REST API. Every method returns the parsed answer, and throws `DiscordApiError` when Discord refuses the call,
 * `DiscordRateLimitError` when limits leave no room within its time, `DiscordUnreachableError` when no answer comes, and a
 * `RangeError` for a path that leads elsewhere, as one with `..` does. Build paths of ids with `path`.
 * Cost: 1 request to Discord; another for each attempt that Discord limits or fails to answer.
 */
export interface DiscordRest extends Direct {
  readonly applicationId: string;
  get<T>(path: string, options?: CallOptions): Promise<T>;
  post<T>(path: string, options?: CallOptions): Promise<T>;
  put<T>(path: string, options?: CallOptions): Promise<T>;
  patch<T>(path: string, options?: CallOptions): Promise<T>;
  delete<T>(path: string, options?: CallOptions): Promise<T>;
}

const maxTries = 4;
/**
 * How long a refusal is remembered. 10,000 of 401, 403 and 429 in ten minutes ban an address, and Workers share addresses.
 */
const rememberMs: Record<number, number> = { 401: 60_000, 403: 30_000, 404: 30_000 };

/**
 * Makes a client for one invocation. It waits for rate limits where that fits into a call's time, and remembers limits and
 * refusals in `state`. Each attempt is one `fetch`, whose body is always read.
 *
 * @example
 * const rest = createRest({ baseUrl: "https://discord.com/api/v10", applicationId, token, state: createRestState() });
 * const user = await rest.get<APIUser>(path`/users/${userId}`);
 *
 * @see https://docs.discord.com/developers/topics/rate-limits
 */
export function createRest({
  baseUrl,
  applicationId,
  token,
  state,
  fetch = globalThis.fetch,
  clock = systemClock,
  timeoutMs: defaultTimeoutMs = 10_000,
  onAttempt = () => {},
  around = (_route, send) => send(),
  mayTryAgain = () => true,
}: RestOptions): DiscordRest {
  const userAgent = `DiscordBot (https://discord.com/application-directory/${applicationId}, 0.1.0)`;

  async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const route = routeOf(method, path);
    const url = addressOf(baseUrl, path);
    // An interaction's token is in the path: the bot's is not sent, and the global limit does not count the call.
    const isOwn = !route.shown.includes("/:token");
    if (isOwn && token === undefined)
      throw new Error(`${route.shown}: DISCORD_BOT_TOKEN is missing. Set it as a secret.`);
    const sent = { ...options, body: quietBody(method, path, options.body) };
    const { isRepeatable = method !== "POST", isFresh = false, timeoutMs = defaultTimeoutMs } = options;
    if (!isFresh) refuseAgain(route, method, path);

    const deadline = clock.now() + timeoutMs;
    for (let tries = 1; ; tries++) {
      await waitForTurn(route, isOwn, deadline);
      const sending = around(route.shown, () => attempt(method, url, sent, route, isOwn, deadline));
      const answer = await sending.catch((error: unknown) => {
        if (isRepeatable && tries < maxTries && clock.now() < deadline && !(error instanceof BudgetSpentError)) {
          return undefined;
        }
        throw new DiscordUnreachableError(route.shown, conceal(failureOf(error), token), { cause: error });
      });
      if (answer?.response.ok) return (answer.text === "" ? undefined : JSON.parse(answer.text)) as T;
      const pause = answer ? pauseAfter(answer, route, tries, isRepeatable) : backOff(tries, clock.random());
      if (pause === undefined || clock.now() + pause > deadline || !mayTryAgain()) {
        if (!answer) throw new DiscordUnreachableError(route.shown, "out of time or requests");
        if (answer.response.status === 429 && pause !== undefined) throw new DiscordRateLimitError(route.shown, pause);
        throw refusalOf(answer, method, path, route);
      }
      await clock.sleep(pause);
    }
  }

  async function attempt(
    method: string,
    address: string,
    { body, files, query, reason }: CallOptions,
    route: Route,
    isOwn: boolean,
    deadline: number,
  ): Promise<Reached> {
    const url = new URL(address);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const hasFiles = files !== undefined && files.length > 0;
    const abort = new AbortController();
    const callOff = after(clock, Math.max(1, deadline - clock.now()), () => abort.abort(outOfTime()));
    const sentAt = clock.now();
    let status = 0;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          "User-Agent": userAgent,
          ...(isOwn && { Authorization: `Bot ${token}` }),
          ...(body !== undefined && !hasFiles && { "Content-Type": "application/json" }),
          ...(reason !== undefined && { "X-Audit-Log-Reason": encodeURIComponent(reason) }),
        },
        signal: abort.signal,
        ...(body !== undefined && { body: hasFiles ? toMultipart(body, files) : JSON.stringify(body) }),
      });
      const text = await response.text();
      status = response.status;
      noteHeaders(state, route, response.headers, clock.now());
      return { response, text };
    } finally {
      callOff();
      onAttempt({ route: route.shown, status, ms: clock.now() - sentAt });
    }
  }

  async function waitForTurn(route: Route, isOwn: boolean, deadline: number): Promise<void> {
    for (;;) {
      const delay = takeTurn(state, route, isOwn, clock.now());
      if (delay === 0) return;
      if (clock.now() + delay > deadline) throw new DiscordRateLimitError(route.shown, delay);
      await clock.sleep(delay);
    }
  }

  /** Returns how long to wait before another attempt, or undefined when that would not help. */
  function pauseAfter({ response, text }: Reached, route: Route, tries: number, isRepeatable: boolean) {
    if (response.status === 429) {
      const pause = noteLimit(state, route, response.headers, parseObject(text), clock.now());
      return tries < maxTries ? pause : undefined;
    }
    return response.status >= 500 && isRepeatable && tries < maxTries ? backOff(tries, clock.random()) : undefined;
  }

  function refusalOf({ response: { status }, text }: Reached, method: string, path: string, route: Route): Error {
    const refusal = readRefusal(text, status);
    const ms = rememberMs[status];
    if (status === 403 || status === 404) forgetDirect(state, route);
    if (ms !== undefined)
      remember(state.refusals, refusalKey(status, method, path, route), { until: clock.now() + ms, status, refusal });
    return new DiscordApiError(route.shown, status, refusal);
  }

  function refuseAgain(route: Route, method: string, path: string): void {
    for (const status of [401, 403, 404]) {
      const known = state.refusals.get(refusalKey(status, method, path, route));
      if (known && known.until > clock.now()) throw new DiscordApiError(route.shown, status, known.refusal, true);
    }
  }

  const post: DiscordRest["post"] = (path, options) => call("POST", path, options);
  return {
    ...createDirect(state, post),
    applicationId,
    get: (path, options) => call("GET", path, options),
    post,
    put: (path, options) => call("PUT", path, options),
    patch: (path, options) => call("PATCH", path, options),
    delete: (path, options) => call("DELETE", path, options),
  };
}

// --- Internal helpers ---

interface Reached {
  response: Response;
  text: string;
}

/** Discord refuses the bot's bad token everywhere; all else for one method and path: a PUT may create what a GET lacks. */
const refusalKey = (status: number, method: string, path: string, { shown }: Route): string =>
  status === 401 && !shown.includes("/:token") ? "401" : `${status} ${method} ${path.split("?")[0]}`;

const backOff = (tries: number, chance: number): number => 200 * 2 ** tries * (0.5 + chance / 2);

const outOfTime = (): Error => new DOMException("The call ran out of time.", "TimeoutError");

const failureOf = (error: unknown): string =>
  error instanceof Error && error.name === "TimeoutError" ? "out of time" : reasonOf(error);
