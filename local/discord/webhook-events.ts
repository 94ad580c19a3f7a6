import type { Context } from "./context.ts";
import type { Endpoint } from "./interactions/exchange.ts";
import { signedHeaders } from "./keys.ts";
import { answerWithinMs } from "./limits.ts";

/** How the delivery of one webhook event went. */
export interface EventDelivery {
  /** The status of the HTTP response; 0 when none came. */
  status: number;
  body: string;
  /** Why Discord would count the delivery as failed, a sentence each; empty when it succeeded. */
  problems: string[];
}

/**
 * Returns the body of a webhook event, or without a type that of a PING.
 * https://docs.discord.com/developers/events/webhook-events
 */
export const eventBody = ({ applicationId, clock }: Context, type?: string, data?: object): object => ({
  version: 1,
  application_id: applicationId,
  ...(type === undefined
    ? { type: 0 }
    : { type: 1, event: { type, timestamp: new Date(clock.now()).toISOString(), ...(data && { data }) } }),
});

/** Sends an event, signed now. Any answer but an empty 204 within three seconds is a problem. */
export async function sendEvent(endpoint: Endpoint, event: object): Promise<EventDelivery> {
  const late = new AbortController();
  const tooLate = endpoint.context.clock.sleep(answerWithinMs, late.signal).then(() => undefined);
  try {
    const answer = await Promise.race([post(endpoint, event, late.signal), tooLate]);
    return answer ?? failed(`The Worker did not answer within ${answerWithinMs / 1_000} s.`);
  } catch (error) {
    return failed(`The Worker could not be reached: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    late.abort();
  }
}

// --- Internal helpers ---

const failed = (problem: string): EventDelivery => ({ status: 0, body: "", problems: [problem] });

async function post(
  { context, keys, url, fetch }: Endpoint,
  event: object,
  signal: AbortSignal,
): Promise<EventDelivery> {
  const body = Buffer.from(JSON.stringify(event));
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "User-Agent": "Discord-Webhook/1.0 (+https://discord.com)",
      ...signedHeaders(keys, context.clock.now(), body),
    },
    body,
    signal,
  });
  const text = await response.text();
  const problems = [
    ...(response.status === 204
      ? []
      : [`Discord expects HTTP 204; the Worker answered HTTP ${response.status}: ${text.slice(0, 200)}`]),
    ...(text === "" ? [] : ["Discord expects an empty body."]),
  ];
  return { status: response.status, body: text, problems };
}
