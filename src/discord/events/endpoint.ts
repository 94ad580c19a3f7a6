import * as v from "valibot";
import { parseObject } from "../parse.ts";
import { readSigned, refuse, type SignedOptions } from "../signed.ts";
import type { WebhookEvent } from "./event.ts";

export interface EventsEndpointOptions extends SignedOptions {
  /** Takes an event; called once the answer is settled. `key` is the same for the same event sent again. */
  take(event: WebhookEvent, key: string): void;
}

const schema = v.variant("type", [
  v.looseObject({ type: v.literal(0) }),
  v.looseObject({
    type: v.literal(1),
    event: v.looseObject({ type: v.string(), timestamp: v.string(), data: v.optional(v.looseObject({})) }),
  }),
]);

/**
 * One request to the webhook events endpoint: 204 to PING (0 here, 1 among interactions) and to events, whatever becomes of
 * them; refusals as for interactions. Discord sends an event again, for up to ten minutes, until it gets its 204.
 * @see https://docs.discord.com/developers/events/webhook-events
 */
export async function receiveEvent(request: Request, { take, ...options }: EventsEndpointOptions): Promise<Response> {
  const body = await readSigned(request, options);
  if (body instanceof Response) return body;
  const json = parseObject(body);
  if ("reason" in json) return refuse(400, String(json["reason"]));
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (!result.success) return refuse(400, `malformed event at ${v.getDotPath(result.issues[0]) ?? "body"}`);
  if (result.output.type === 1) take(result.output.event as unknown as WebhookEvent, await digest(body));
  return new Response(null, { status: 204 });
}

/** Events carry no id. What is sent again is the same bytes under a new signature. */
async function digest(body: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(body));
  return new Uint8Array(hash).slice(0, 16).toHex();
}
