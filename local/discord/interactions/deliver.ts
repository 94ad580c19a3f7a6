import { randomBytes } from "node:crypto";
import { type InteractionType, PermissionFlagsBits } from "discord-api-types/v10";
import { answerWithinMs, type Context } from "../context.ts";
import { DiscordError } from "../errors.ts";
import type { SigningKeys } from "../keys.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";
import {
  type Answer,
  type Callback,
  type InteractionRecord,
  type Owners,
  takeCallback,
  untilChanged,
} from "./record.ts";

export interface DeliverOptions {
  context: Context;
  keys: SigningKeys;
  /** Where the Worker takes interactions. */
  url: string;
  fetch: typeof fetch;
}

/** How one interaction went. */
export interface Delivery {
  interaction: { id: string; token: string };
  /** The HTTP answer's status; 0 when there was none. */
  status: number;
  /** The HTTP answer as it came, parsed when it is JSON. */
  body: unknown;
  ms: number;
  /** What the person sees now. */
  answer: Answer;
  /** What Discord would keep to itself: why there is no answer. */
  problems: string[];
}

/**
 * Sends a signed interaction and takes the answer, in the HTTP response or by REST, with Discord's clocks. `payload` gets
 * an id and a token unless it brings its own.
 */
export async function deliver(
  options: DeliverOptions,
  payload: object,
): Promise<{ delivery: Delivery; record: InteractionRecord }> {
  const { context } = options;
  const record = createRecord(context, payload);
  const startedAt = context.clock.now();
  const delivery: Delivery = {
    interaction: { id: record.id, token: record.token },
    status: 0,
    body: undefined,
    ms: 0,
    answer: record.answer,
    problems: [],
  };
  try {
    const response = await post(options, { ...payload, id: record.id, token: record.token });
    delivery.status = response.status;
    delivery.body = response.body;
    if (response.status === 202) await untilAnswered(context, record);
    else if (response.status === 200) await takeCallback(context, record, response.callback, response.uploads);
    else delivery.problems.push(`The Worker answered HTTP ${response.status}: ${response.text.slice(0, 200)}`);
  } catch (error) {
    delivery.problems.push(...explain(error));
  }
  if (delivery.problems.length === 0 && record.answer.kind === "none") {
    delivery.problems.push(`No answer came within ${answerWithinMs / 1_000} s.`);
  }
  delivery.ms = context.clock.now() - startedAt;
  delivery.answer = record.answer;
  return { delivery, record };
}

// --- Internal helpers ---

function createRecord(context: Context, payload: object): InteractionRecord {
  const given = payload as {
    id?: string;
    token?: string;
    type?: InteractionType;
    channel_id?: string;
    authorizing_integration_owners?: Owners;
    member?: { user?: { id?: string }; permissions?: string };
    data?: { options?: unknown };
    user?: { id?: string };
    message?: { id?: string };
  };
  const owners = Object.keys(given.authorizing_integration_owners ?? {});
  const isUserInstall = owners.length === 1 && owners[0] === "1";
  const mayShow =
    BigInt(given.member?.permissions ?? PermissionFlagsBits.UseExternalApps) & PermissionFlagsBits.UseExternalApps;
  const record: InteractionRecord = {
    id: given.id ?? context.createId(),
    token: given.token ?? randomBytes(48).toString("base64url"),
    type: given.type ?? 2,
    channelId: given.channel_id,
    owners: given.authorizing_integration_owners,
    isUserInstall,
    isQuiet: isUserInstall && mayShow === 0n,
    focusedType: focusedType(given.data?.options),
    sentAt: context.clock.now(),
    answer: { kind: "none" },
    originalId: undefined,
    userId: given.member?.user?.id ?? given.user?.id,
    sourceId: given.message?.id,
    followUps: [],
    isSubmitted: false,
    isTaken: false,
    changed: new Set(),
  };
  context.interactions.set(record.token, record);
  return record;
}

/** The type of the option that is being typed. */
function focusedType(options: unknown): number | undefined {
  const list = (Array.isArray(options) ? options : []) as { type?: number; focused?: boolean; options?: unknown }[];
  return list.map((one) => (one.focused ? one.type : focusedType(one.options))).find((type) => type !== undefined);
}

interface Answered {
  status: number;
  text: string;
  body: unknown;
  callback: Callback;
  uploads: readonly Upload[];
}

async function post({ context, keys, url, fetch }: DeliverOptions, payload: object): Promise<Answered> {
  const body = Buffer.from(JSON.stringify(payload));
  const timestamp = String(Math.floor(context.clock.now() / 1_000));
  const abort = new AbortController();
  const tooLate = context.clock.sleep(answerWithinMs, abort.signal).then(() => {
    if (abort.signal.aborted) return new Promise<never>(() => {});
    abort.abort();
    throw new Error(`The Worker did not answer within ${answerWithinMs / 1_000} s.`);
  });
  try {
    return await Promise.race([exchange(), tooLate]);
  } finally {
    abort.abort();
  }

  async function exchange(): Promise<Answered> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "X-Signature-Ed25519": keys.sign(timestamp, body),
        "X-Signature-Timestamp": timestamp,
      },
      body,
      signal: abort.signal,
    });
    return readAnswer(response);
  }
}

async function readAnswer(response: Response): Promise<Answered> {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await response.formData();
    const part = form.get("payload_json");
    const text = typeof part === "string" ? part : ((await part?.text()) ?? "");
    const uploads = uploadsIn(form);
    return { status: response.status, text, body: parse(text), callback: callbackOf(text, response.status), uploads };
  }
  const text = await response.text();
  if (response.status === 200 && !type.startsWith("application/json")) {
    throw new Error(`The Worker answered with Content-Type "${type}"; Discord takes application/json.`);
  }
  return { status: response.status, text, body: parse(text), callback: callbackOf(text, response.status), uploads: [] };
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

async function untilAnswered(context: Context, record: InteractionRecord): Promise<void> {
  if (record.answer.kind === "none")
    await untilChanged(context, record, answerWithinMs - (context.clock.now() - record.sentAt));
}

function explain(error: unknown): string[] {
  if (error instanceof DiscordError) {
    const what = `Discord would refuse the answer: ${error.code} ${error.message}`;
    return error.fields.length === 0
      ? [what]
      : error.fields.map(({ path, code, message }) => `${what}: ${path}: ${message} (${code})`);
  }
  if (!(error instanceof Error)) return [String(error)];
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return [error.message === "fetch failed" ? `The Worker could not be reached${cause}.` : error.message];
}
