import { answerWithinMs } from "../limits.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";
import type { Callback } from "./callback.ts";
import { type Endpoint, postSigned, type Tampering } from "./post-signed.ts";

/** The Worker's HTTP response to an interaction. */
export interface HttpAnswer {
  status: number;
  text: string;
  /** Parsed when it is JSON, the text otherwise. */
  body: unknown;
  callback: Callback;
  uploads: readonly Upload[];
}

/** Posts a body, signed now, and reads the response. Throws a sentence when it is late or unreadable. */
export const exchange = async (endpoint: Endpoint, body: string, options: ExchangeOptions): Promise<HttpAnswer> =>
  readAnswer(await postInTime(endpoint, body, options));

export interface ExchangeOptions {
  /** The ID of the exchange. */
  id: string;
  tamper?: Tampering | undefined;
}

/** Posts a body, signed, and returns the response. Throws a sentence when it is late. */
export async function postInTime(endpoint: Endpoint, body: string, { id, tamper }: ExchangeOptions): Promise<Response> {
  const abort = new AbortController();
  const tooLate = endpoint.context.clock.sleep(answerWithinMs, abort.signal).then(() => {
    if (abort.signal.aborted) return new Promise<never>(() => {});
    abort.abort();
    throw new Error(`The Worker did not answer within ${answerWithinMs / 1_000} s.`);
  });
  try {
    const { signal } = abort;
    return await Promise.race([postSigned(endpoint, body, { exchange: id, userAgent, signal, tamper }), tooLate]);
  } finally {
    abort.abort();
  }
}

// --- Internal helpers ---

const userAgent = "Discord-Interactions/1.0 (+https://discord.com)";

async function readAnswer(response: Response): Promise<HttpAnswer> {
  const { status } = response;
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await response.formData();
    const text = await new Response(form.get("payload_json")).text();
    return { status, text, body: parse(text), callback: callbackOf(text, status), uploads: uploadsIn(form) };
  }
  const text = await response.text();
  if (status === 200 && !type.startsWith("application/json")) {
    throw new Error(`The Worker answered with Content-Type "${type}"; Discord accepts only application/json.`);
  }
  return { status, text, body: parse(text), callback: callbackOf(text, status), uploads: [] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function callbackOf(text: string, status: number): Callback {
  const body = parse(text);
  if (typeof body === "object" && body !== null) return body;
  if (status === 200) throw new Error("The Worker's answer is not JSON.");
  return {};
}
