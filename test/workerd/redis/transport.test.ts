import { expect, it } from "vitest";
import { BudgetSpentError } from "../../../src/platform/index.ts";
import { RedisReplyError } from "../../../src/redis/index.ts";
import { createRedisState } from "../../../src/redis/state.ts";
import { createTransport, TransportFailure } from "../../../src/redis/transport.ts";
import { createFakeClock, settle } from "../../support/clock.ts";

/** A transport whose requests `answer` answers. */
function createWire(answer: () => Response | Promise<Response>, url = "https://redis.test") {
  const clock = createFakeClock();
  const state = createRedisState();
  const sent: Request[] = [];
  const transport = createTransport({
    url,
    token: "t",
    clock,
    state,
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return answer();
    },
  });
  const send = (timeoutMs = 250) => transport("pipeline", [["GET", "k"]], timeoutMs);
  return { clock, state, sent, transport, send };
}

const failureOf = (work: Promise<unknown>): Promise<TransportFailure> =>
  work.then(
    () => Promise.reject(new Error("it was answered")),
    (cause: unknown) => {
      if (!(cause instanceof TransportFailure)) throw cause;
      return cause;
    },
  );

const refusal = (status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers });

const limited = "ERR max daily request limit exceeded. Limit: 10000, Usage: 10000";

it.each<[number, string, string, string | undefined]>([
  [401, "Unauthorized", "E_REDIS_UNAUTHORIZED", undefined],
  [401, "no reason that is known", "E_REDIS_UNAUTHORIZED", undefined],
  [400, "WRONGPASS invalid or missing auth token", "E_REDIS_UNAUTHORIZED", undefined],
  [403, "Forbidden", "E_REDIS_UNAUTHORIZED", undefined],
  [403, "NOPERM this user has no permissions to run the 'set' command", "E_REDIS_REPLY", "read-only"],
  [400, limited, "E_REDIS_REPLY", "quota"],
  [429, limited, "E_REDIS_REPLY", "quota"],
  [500, limited, "E_REDIS_REPLY", "quota"],
  [400, "ERR unknown command", "E_REDIS_REPLY", "other"],
  [413, "ERR max request size exceeded. Limit: 10485760 bytes", "E_REDIS_REPLY", "too-large"],
  [499, "gone", "E_REDIS_REPLY", "other"],
])("neither ran nor is sent again: HTTP %i, %s", async (status, text, code, problem) => {
  const { error, ...how } = await failureOf(createWire(() => refusal(status, text)).send());
  expect(how).toMatchObject({ mayHaveRun: false, isRetryable: false, retryAfterMs: undefined });
  expect([error.code, error instanceof RedisReplyError ? error.problem : undefined]).toEqual([code, problem]);
});

it.each<[string, Record<string, string>, number | undefined]>([
  ["two seconds", { "Retry-After": "2" }, 2_000],
  ["one second", { "Retry-After": "1" }, 1_000],
  ["no time", {}, undefined],
  ["0 seconds", { "Retry-After": "0" }, undefined],
  ["a text", { "Retry-After": "soon" }, undefined],
])("did not run and may be sent again: HTTP 429 that asks for %s", async (_what, headers, retryAfterMs) => {
  const failure = await failureOf(createWire(() => refusal(429, "Too many requests", headers)).send());
  expect(failure).toMatchObject({ mayHaveRun: false, isRetryable: true, retryAfterMs });
  expect(failure.error.code).toBe("E_REDIS_UNAVAILABLE");
});

const unlike = "Redis answered HTTP 200: not a list of replies";

it.each<[string, () => Response | Promise<Response>, string]>([
  ["HTTP 500", () => refusal(500, "internal"), "Redis answered HTTP 500: internal"],
  ["HTTP 503", () => new Response("<html>", { status: 503 }), "Redis answered HTTP 503: no reason given"],
  ["an answer that is no JSON", () => new Response("<html>"), unlike],
  ["an answer that is no list", () => Response.json({ result: "1" }), unlike],
  ["a list of nothing", () => Response.json([null]), unlike],
  ["a list of texts", () => Response.json(["1"]), unlike],
  ["a reply too few", () => Response.json([]), unlike],
  ["a reply too many", () => Response.json([{ result: "1" }, { result: "2" }]), unlike],
  [
    "a lost connection",
    () => Promise.reject(new Error("connection reset")),
    "Redis could not be reached: connection reset",
  ],
])("may have run and may be sent again: %s", async (_name, answer, message) => {
  const failure = await failureOf(createWire(answer).send());
  expect(failure).toMatchObject({ mayHaveRun: true, isRetryable: true });
  expect(failure.error).toMatchObject({ code: "E_REDIS_UNAVAILABLE", message });
});

it("takes no reply of a list for one where another is unreadable", async () => {
  const { transport } = createWire(() => Response.json([{ result: "1" }, "2"]));
  const two = [
    ["GET", "a"],
    ["GET", "b"],
  ];
  expect((await failureOf(transport("pipeline", two, 250))).error.message).toContain("not a list of replies");
});

it.each([
  ['{"error":"gone"}', "gone"],
  ['{"error":7}', "7"],
  ['{"message":"gone"}', "no reason given"],
  ["null", "no reason given"],
  ['"error"', "no reason given"],
  ["<html>", "no reason given"],
  ["", "no reason given"],
])("reads the reason for a refusal in the body %s as: %s", async (body, reason) => {
  const { error } = await failureOf(createWire(() => new Response(body, { status: 503 })).send());
  expect(error.message).toBe(`Redis answered HTTP 503: ${reason}`);
});

it("neither ran nor is sent again where the invocation has no requests left", async () => {
  const failure = await failureOf(createWire(() => Promise.reject(new BudgetSpentError(50))).send());
  expect(failure).toMatchObject({ mayHaveRun: false, isRetryable: false });
});

it("aborts a request that has no answer when its time is over, not before", async () => {
  const { clock, send, sent } = createWire(() => new Promise(() => {}));
  const failure = failureOf(send(250));
  await settle();
  await clock.advance(249);
  expect(sent[0]?.signal.aborted).toBe(false);
  await clock.advance(1);
  expect((await failure).error.code).toBe("E_REDIS_TIMEOUT");
  expect(await failure).toMatchObject({ mayHaveRun: true });
  expect([sent[0]?.signal.aborted, clock.sleeping()]).toEqual([true, 0]);
});

it("posts the commands to the path of their mode, under the token", async () => {
  const { sent, transport } = createWire(() => Response.json([{ result: "1" }]), "https://redis.test//");
  await transport("pipeline", [["SET", "k", 1, true]], 250);
  await transport("multi-exec", [["GET", "k"]], 250);
  expect(sent.map(({ method, url, headers }) => [method, url, headers.get("Authorization")])).toEqual([
    ["POST", "https://redis.test/pipeline", "Bearer t"],
    ["POST", "https://redis.test/multi-exec", "Bearer t"],
  ]);
  expect(await sent[0]?.json()).toEqual([["SET", "k", 1, true]]);
});

it("keeps the read-your-writes token when an answer brings none", async () => {
  let token: string | undefined = "first";
  const { send, sent } = createWire(() =>
    Response.json([{ result: "1" }], { headers: token === undefined ? {} : { "Upstash-Sync-Token": token } }),
  );
  await send();
  token = undefined;
  await send();
  await send();
  expect(sent.map(({ headers }) => headers.get("Upstash-Sync-Token"))).toEqual([null, "first", "first"]);
});

it.each([
  [
    "a token that no header can carry",
    "https://redis.test",
    '"Bearer secret-token" is an invalid header for https://redis.test',
    '"Bearer \u2026" is an invalid header for https://redis.test',
  ],
  [
    "a token in place of the address",
    "secret-other",
    "Failed to parse URL from secret-other/pipeline",
    "Failed to parse URL from \u2026/pipeline",
  ],
])("does not repeat %s", async (_name, url, reason, shown) => {
  const fetch = () => Promise.reject(new TypeError(reason));
  const [clock, state] = [createFakeClock(), createRedisState()];
  const transport = createTransport({ url, token: "secret-token", clock, state, fetch });
  const { error } = await failureOf(transport("pipeline", [["GET", "k"]], 250));
  expect(error.message).toBe(`Redis could not be reached: ${shown}`);
});
