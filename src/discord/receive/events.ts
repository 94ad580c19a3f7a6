import { sha256, toHex } from "../../platform/index.ts";
import type { WebhookEvent } from "../events/event.ts";
import { parseObject, Refusal } from "./parse.ts";
import { object, optional, string } from "./shape.ts";
import { readSigned, refuse, type SignedOptions } from "./signed.ts";

export interface EventsEndpointOptions extends SignedOptions {
  /** Takes an event, once its 204 is certain. `key` is the same each time Discord sends the same event. */
  take(event: WebhookEvent, key: string): void;
}

const event = object({ event: object({ type: string, timestamp: string, data: optional(object({})) }) });

/**
 * Answers one request to the webhook events endpoint: 204 to PING (type 0) and to events, before they are handled; refusals
 * as for interactions. Discord sends an event again, for up to ten minutes, until it gets its 204.
 *
 * @see https://docs.discord.com/developers/events/webhook-events
 */
export async function receiveEvent(request: Request, { take, ...options }: EventsEndpointOptions): Promise<Response> {
  const body = await readSigned(request, options);
  if (body instanceof Response) return body;
  const json = parseObject(body);
  if (json instanceof Refusal) return refuse(400, json.reason);
  if (json["type"] !== 0 && json["type"] !== 1) return refuse(400, "malformed event at type");
  const wrong = json["type"] === 1 ? event(json) : undefined;
  if (wrong !== undefined) return refuse(400, `malformed event at ${wrong}`);
  if (json["type"] === 1) take(json["event"] as WebhookEvent, await digest(body));
  return new Response(null, { status: 204 });
}

/** Events carry no id. Discord sends one again as the same bytes, under a new signature. */
const digest = async (body: Uint8Array): Promise<string> => toHex((await sha256(body)).slice(0, 16));
