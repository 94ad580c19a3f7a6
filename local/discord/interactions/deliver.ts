import { randomBytes } from "node:crypto";
import { type InteractionType, PermissionFlagsBits } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { DiscordError } from "../errors.ts";
import { answerWithinMs } from "../limits.ts";
import { isFields } from "../validate/checks.ts";
import { findChannel } from "../world/world.ts";
import { takeCallback } from "./callback.ts";
import { notify, untilAnswered } from "./changes.ts";
import { exchange } from "./exchange.ts";
import type { Endpoint } from "./post-signed.ts";
import type { Answer, InteractionRecord, Owners } from "./record.ts";

/** How one interaction went. */
export interface Delivery {
  interaction: { id: string; token: string };
  /** The ID of the request that carried it. */
  exchange: string;
  /** The status of the HTTP response; 0 when none came. */
  status: number;
  /** The body of the HTTP response, parsed when it is JSON. */
  body: unknown;
  /** From sending the interaction to its answer. */
  ms: number;
  /** The answer as the person sees it. */
  answer: Answer;
  /** Why Discord would show "The application did not respond", a sentence each; empty when the answer is good. */
  problems: string[];
}

/**
 * Sends a signed interaction and takes the answer, from the HTTP response or by REST, within Discord's time limits.
 * The payload gets an ID and a token unless it has them, and the request the ID under which it is told. Default: a new one.
 */
export async function deliver(
  endpoint: Endpoint,
  payload: object,
  exchangeId: string = endpoint.context.createId(),
): Promise<{ delivery: Delivery; record: InteractionRecord }> {
  const { context } = endpoint;
  const record = createRecord(context, payload, exchangeId);
  const startedAt = context.clock.now();
  const delivery: Delivery = {
    interaction: { id: record.id, token: record.token },
    exchange: record.exchange,
    status: 0,
    body: undefined,
    ms: 0,
    answer: record.answer,
    problems: [],
  };
  try {
    const body = JSON.stringify({ ...payload, id: record.id, token: record.token });
    const answering = exchange(endpoint, body, { id: exchangeId });
    notify(context, record);
    const response = await answering;
    delivery.status = response.status;
    delivery.body = response.body;
    if (response.status === 202) await untilAnswered(context, record);
    else if (response.status === 200) await takeCallback(context, record, response.callback, response.uploads);
    else delivery.problems.push(`The Worker answered HTTP ${response.status}: ${response.text.slice(0, 200)}`);
  } catch (error) {
    delivery.problems.push(...explain(error));
  }
  if (delivery.problems.length === 0 && record.answer.kind === "none") {
    delivery.problems.push(
      `The Worker accepted the interaction but sent no callback within ${answerWithinMs / 1_000} s.`,
    );
  }
  delivery.ms = context.clock.now() - startedAt;
  delivery.answer = record.answer;
  const { status, ms, problems } = delivery;
  context.emit({ type: "delivered", exchange: exchangeId, outcome: { status, ms, problems } });
  return { delivery, record };
}

// --- Internal helpers ---

function createRecord(context: Context, payload: object, exchange: string): InteractionRecord {
  const given = payload as {
    id?: string;
    token?: string;
    type?: InteractionType;
    channel_id?: unknown;
    authorizing_integration_owners?: Owners;
    member?: { user?: { id?: string }; permissions?: string };
    data?: { options?: unknown };
    user?: { id?: string };
    message?: { id?: string };
  };
  const channel = given.channel_id;
  const owners = Object.keys(given.authorizing_integration_owners ?? {});
  const isUserInstall = owners.length === 1 && owners[0] === "1";
  const bits = String(given.member?.permissions);
  const mayShow = /^\d+$/.test(bits) ? BigInt(bits) & PermissionFlagsBits.UseExternalApps : 1n;
  const record: InteractionRecord = {
    id: given.id ?? context.createId(),
    token: given.token ?? randomBytes(48).toString("base64url"),
    exchange,
    type: given.type ?? 2,
    channelId: typeof channel === "string" && findChannel(context.world, channel) ? channel : undefined,
    owners: given.authorizing_integration_owners,
    isUserInstall,
    isQuiet: isUserInstall && mayShow === 0n,
    focusedType: focusedType(given.data?.options),
    sentAt: context.clock.now(),
    answer: { kind: "none" },
    originalId: undefined,
    userId: given.member?.user?.id ?? given.user?.id,
    sourceId: given.message?.id,
    trigger: context.triggers.get(payload),
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
  const list = Array.isArray(options) ? options.filter(isFields) : [];
  return list
    .map((one) => (one["focused"] ? Number(one["type"]) : focusedType(one["options"])))
    .find((type) => type !== undefined);
}

function explain(error: unknown): string[] {
  if (error instanceof DiscordError) {
    const refusal = `Discord would refuse the answer: ${error.code} ${error.message}`;
    return error.fields.length === 0
      ? [refusal]
      : error.fields.map(({ path, code, message }) => `${refusal}: ${path}: ${message} (${code})`);
  }
  if (!(error instanceof Error)) return [String(error)];
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return [error.message === "fetch failed" ? `The Worker could not be reached${cause}.` : error.message];
}
