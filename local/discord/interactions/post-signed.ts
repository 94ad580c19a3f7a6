import type { Context } from "../context.ts";
import { type SigningKeys, signedHeaders } from "../keys.ts";

/** Where interactions go and who signs them. */
export interface Endpoint {
  context: Context;
  keys: SigningKeys;
  /** The Worker's address for interactions. */
  url: string;
  fetch: typeof fetch;
  /** Returns headers that Discord does not send, by the exchange's ID. They are not told with the request. Default: none. */
  marks?: ((exchange: string) => Record<string, string>) | undefined;
}

export interface PostOptions {
  /** The ID under which request and response are told. */
  exchange: string;
  userAgent: string;
  signal: AbortSignal;
  /** Signs wrongly, or as if it were ten minutes ago. Default: signs rightly, now. */
  tamper?: Tampering | undefined;
}

export type Tampering = "bad-signature" | "stale-timestamp";

const staleMs = 10 * 60_000;

/** Posts a body, signed now, and returns the response once all of it has come. Tells both as they were sent. */
export async function postSigned(
  { context, keys, url, fetch, marks = () => ({}) }: Endpoint,
  body: string,
  { exchange, userAgent, signal, tamper }: PostOptions,
): Promise<Response> {
  const { clock, emit } = context;
  const bytes = Buffer.from(body);
  const signedAt = tamper === "stale-timestamp" ? clock.now() - staleMs : clock.now();
  const signed = signedHeaders(keys, signedAt, tamper === "bad-signature" ? Buffer.from(`${body} `) : bytes);
  const headers = { "User-Agent": userAgent, ...signed };
  emit({ type: "request", exchange, at: clock.now(), headers, body });
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, ...marks(exchange) },
    body: bytes,
    signal,
  });
  const answered = await response.arrayBuffer();
  emit({
    type: "response",
    exchange,
    at: clock.now(),
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(answered).toString(),
  });
  return new Response(answered.byteLength > 0 ? answered : null, {
    status: response.status,
    headers: response.headers,
  });
}
