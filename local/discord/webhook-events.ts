import { answerWithinMs, type Context } from "./context.ts";
import type { SigningKeys } from "./keys.ts";

export interface EventDelivery {
  /** 0 when no answer came. */
  status: number;
  body: string;
  /** What Discord would count against the endpoint. */
  problems: string[];
}

export interface EventSender {
  context: Context;
  keys: SigningKeys;
  url: string;
  fetch: typeof fetch;
}

/** A webhook event's body: PING is type 0 here. https://docs.discord.com/developers/events/webhook-events */
export const eventBody = ({ applicationId, clock }: Context, type?: string, data?: object): object => ({
  version: 1,
  application_id: applicationId,
  ...(type === undefined
    ? { type: 0 }
    : { type: 1, event: { type, timestamp: new Date(clock.now()).toISOString(), ...(data && { data }) } }),
});

/** Sends a body, signed now: the same body may be sent again. Anything but an empty 204 within 3 s is a problem. */
export async function sendEvent(sender: EventSender, event: object): Promise<EventDelivery> {
  const late = new AbortController();
  const tooLate = sender.context.clock.sleep(answerWithinMs, late.signal).then(() => undefined);
  try {
    const answer = await Promise.race([post(sender, event, late.signal), tooLate]);
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
  { context, keys, url, fetch }: EventSender,
  event: object,
  signal: AbortSignal,
): Promise<EventDelivery> {
  const body = Buffer.from(JSON.stringify(event));
  const timestamp = String(Math.floor(context.clock.now() / 1_000));
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "Discord-Webhook/1.0 (+https://discord.com)",
      "X-Signature-Ed25519": keys.sign(timestamp, body),
      "X-Signature-Timestamp": timestamp,
    },
    body,
    signal,
  });
  const text = await response.text();
  const problems = [
    ...(response.status === 204
      ? []
      : [`Discord wants 204, the Worker answered HTTP ${response.status}: ${text.slice(0, 200)}`]),
    ...(text === "" ? [] : ["Discord wants no body."]),
  ];
  return { status: response.status, body: text, problems };
}
