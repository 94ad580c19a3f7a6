import type { Context } from "./context.ts";
import { type Endpoint, postSigned } from "./interactions/post-signed.ts";
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
export async function sendEvent(
  endpoint: Endpoint,
  event: object,
  exchange: string = endpoint.context.createId(),
): Promise<EventDelivery> {
  const { context } = endpoint;
  const startedAt = context.clock.now();
  const late = new AbortController();
  const tooLate = context.clock.sleep(answerWithinMs, late.signal).then(() => undefined);
  let delivery: EventDelivery;
  try {
    const answer = await Promise.race([post(endpoint, event, exchange, late.signal), tooLate]);
    delivery = answer ?? failed(`The Worker did not answer within ${answerWithinMs / 1_000} s.`);
  } catch (error) {
    delivery = failed(`The Worker could not be reached: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    late.abort();
  }
  const { status, problems } = delivery;
  context.emit({ type: "delivered", exchange, outcome: { status, problems, ms: context.clock.now() - startedAt } });
  return delivery;
}

// --- Internal helpers ---

const failed = (problem: string): EventDelivery => ({ status: 0, body: "", problems: [problem] });

async function post(endpoint: Endpoint, event: object, exchange: string, signal: AbortSignal): Promise<EventDelivery> {
  const userAgent = "Discord-Webhook/1.0 (+https://discord.com)";
  const response = await postSigned(endpoint, JSON.stringify(event), { exchange, userAgent, signal });
  const text = await response.text();
  const problems = [
    ...(response.status === 204
      ? []
      : [`Discord expects HTTP 204; the Worker answered HTTP ${response.status}: ${text.slice(0, 200)}`]),
    ...(text === "" ? [] : ["Discord expects an empty body."]),
  ];
  return { status: response.status, body: text, problems };
}
