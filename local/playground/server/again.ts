import { LineError, type Simulator } from "../../discord/index.ts";
import type { Again } from "../protocol.ts";
import type { Exchange } from "./exchanges.ts";

const burst = 20;

/**
 * Sends an exchange's request again, signed anew: with the same ID as Discord does after a failure, with another, twenty at
 * once, or with a signature that must be refused. A webhook event has no ID: the same one is sent. Returns the IDs of the exchanges. Throws a `LineError` for a body that no
 * interaction could have.
 */
export function sendAgain(
  simulator: Simulator,
  { view, body: whole }: Exchange,
  { how, body = whole ?? view.request.body }: Again,
): string[] {
  if (view.kind === "cron") throw new LineError("A tick of the cron has no request. Fire the cron instead.");
  const isEvent = view.kind === "event";
  if (how === "bad-signature" || how === "stale-timestamp") {
    const { exchange, ended } = simulator.probe(body, how, isEvent ? "events" : "interactions");
    ended.catch(() => {});
    return [exchange];
  }
  const fields = parse(body);
  const { id, token, ...payload } = fields;
  const sent = how === "same-id" ? { ...payload, id, token } : payload;
  return Array.from({ length: how === "times-20" ? burst : 1 }, () => {
    const { exchange, ended } = isEvent ? simulator.startEvent(fields) : simulator.start(sent);
    ended.catch(() => {});
    return exchange;
  });
}

// --- Internal helpers ---

function parse(body: string): Record<string, unknown> {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    throw new LineError("The body is not JSON.");
  }
  if (typeof payload !== "object" || payload === null || Array.isArray(payload))
    throw new LineError("The body is not a JSON object.");
  const fields = payload as Record<string, unknown>;
  const wrong = ["id", "token", "channel_id"].find((name) => !/^(string|undefined)$/.test(typeof fields[name]));
  if (wrong !== undefined) throw new LineError(`"${wrong}" is not a text.`);
  return fields;
}
