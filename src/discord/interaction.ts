import type { APIInteraction } from "discord-api-types/v10";
import * as v from "valibot";

const snowflake = v.pipe(v.string(), v.regex(/^\d{1,20}$/));
const envelope = { id: snowflake, application_id: snowflake, token: v.string() };

/** What the router reads before a handler does. The rest is typed by discord-api-types, as Discord documents it. */
const interaction = v.variant("type", [
  v.looseObject({ type: v.literal(1) }),
  v.looseObject({ ...envelope, type: v.picklist([2, 4]), data: v.looseObject({ name: v.string(), type: v.number() }) }),
  v.looseObject({
    ...envelope,
    type: v.literal(3),
    data: v.looseObject({ custom_id: v.string(), component_type: v.number() }),
  }),
  v.looseObject({ ...envelope, type: v.literal(5), data: v.looseObject({ custom_id: v.string() }) }),
]);

/** Reads a signed body, or says in a few words why it is none of Discord's interactions. Never throws. */
export function parseInteraction(body: Uint8Array): APIInteraction | { reason: string } {
  const json = parseJson(body);
  if (json === undefined) return { reason: "the body is not JSON" };
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { reason: "the body is not a JSON object" };
  if (!("type" in json)) return { reason: "the interaction has no type" };
  const result = v.safeParse(interaction, json, { abortEarly: true });
  if (!result.success) {
    const path = v.getDotPath(result.issues[0]) ?? "body";
    return { reason: path === "type" ? "unknown interaction type" : `malformed interaction at ${path}` };
  }
  return json as APIInteraction;
}

/** Invalid UTF-8 fails, and a byte order mark stays: what was signed is what is read, and JSON.parse refuses both. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}
