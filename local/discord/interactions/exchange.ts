import type { Context } from "../context.ts";
import { type SigningKeys, signedHeaders } from "../keys.ts";
import { answerWithinMs } from "../limits.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";
import type { Callback } from "./callback.ts";

/** Where interactions go and who signs them. */
export interface Endpoint {
  context: Context;
  keys: SigningKeys;
  /** The Worker's address for interactions. */
  url: string;
  fetch: typeof fetch;
}

/** The Worker's HTTP response to an interaction. */
export interface HttpAnswer {
  status: number;
  text: string;
  /** Parsed when it is JSON, the text otherwise. */
  body: unknown;
  callback: Callback;
  uploads: readonly Upload[];
}

/** Posts a payload, signed now, and reads the response. Throws a sentence when it is late or unreadable. */
export async function exchange({ context, keys, url, fetch }: Endpoint, payload: object): Promise<HttpAnswer> {
  const body = Buffer.from(JSON.stringify(payload));
  const abort = new AbortController();
  const tooLate = context.clock.sleep(answerWithinMs, abort.signal).then(() => {
    if (abort.signal.aborted) return new Promise<never>(() => {});
    abort.abort();
    throw new Error(`The Worker did not answer within ${answerWithinMs / 1_000} s.`);
  });
  try {
    return await Promise.race([post(), tooLate]);
  } finally {
    abort.abort();
  }

  async function post(): Promise<HttpAnswer> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        ...signedHeaders(keys, context.clock.now(), body),
      },
      body,
      signal: abort.signal,
    });
    return readAnswer(response);
  }
}

// --- Internal helpers ---

async function readAnswer(response: Response): Promise<HttpAnswer> {
  const { status } = response;
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await response.formData();
    const part = form.get("payload_json");
    const text = typeof part === "string" ? part : ((await part?.text()) ?? "");
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
