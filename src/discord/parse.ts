import type { APIInteraction } from "discord-api-types/v10";
import * as v from "valibot";

const snowflake = v.pipe(v.string(), v.regex(/^\d{1,20}$/));
const bits = v.pipe(v.string(), v.regex(/^\d{1,40}$/));
const user = v.looseObject({ id: snowflake, username: v.string() });
const objects = v.optional(v.record(v.string(), v.looseObject({})));

interface OptionShape {
  name: string;
  type: number;
  value?: string | number | boolean | undefined;
  options?: OptionShape[] | undefined;
}
const option: v.GenericSchema<OptionShape> = v.looseObject({
  name: v.string(),
  type: v.number(),
  value: v.optional(v.union([v.string(), v.number(), v.boolean()])),
  options: v.optional(v.array(v.lazy(() => option))),
});
const resolved = v.optional(
  v.looseObject({
    users: v.optional(v.record(v.string(), user)),
    members: objects,
    roles: objects,
    channels: objects,
    messages: objects,
    attachments: objects,
  }),
);
const submitted = v.looseObject({
  custom_id: v.string(),
  value: v.nullish(v.union([v.string(), v.boolean()])),
  values: v.optional(v.array(v.string())),
});

const envelope = {
  id: snowflake,
  application_id: snowflake,
  token: v.string(),
  guild_id: v.optional(snowflake),
  member: v.optional(v.looseObject({ user, permissions: bits })),
  user: v.optional(user),
  app_permissions: v.optional(bits),
  locale: v.optional(v.string()),
  authorizing_integration_owners: v.optional(v.looseObject({})),
};

const interaction = v.variant("type", [
  v.looseObject({ type: v.literal(1) }),
  v.looseObject({
    ...envelope,
    type: v.picklist([2, 4]),
    data: v.looseObject({
      name: v.string(),
      type: v.number(),
      options: v.optional(v.array(option)),
      resolved,
      target_id: v.optional(snowflake),
    }),
  }),
  v.looseObject({
    ...envelope,
    type: v.literal(3),
    data: v.looseObject({
      custom_id: v.string(),
      component_type: v.number(),
      values: v.optional(v.array(v.string())),
      resolved,
    }),
    message: v.looseObject({ id: snowflake }),
  }),
  v.looseObject({
    ...envelope,
    type: v.literal(5),
    data: v.looseObject({
      custom_id: v.string(),
      components: v.array(
        v.looseObject({
          type: v.number(),
          component: v.optional(submitted),
          components: v.optional(v.array(submitted)),
        }),
      ),
      resolved,
    }),
    message: v.optional(v.looseObject({ id: snowflake })),
  }),
]);

/**
 * Reads a signed body, or says in a few words why it is none of Discord's interactions. Checks all that the core reads; the
 * rest is typed by discord-api-types, as Discord documents it. Never throws.
 */
export function parseInteraction(body: Uint8Array): APIInteraction | { reason: string } {
  const json = parseObject(body);
  if ("reason" in json) return json as { reason: string };
  if (!("type" in json)) return { reason: "the interaction has no type" };
  const result = v.safeParse(interaction, json, { abortEarly: true });
  if (!result.success) {
    const path = v.getDotPath(result.issues[0]) ?? "body";
    return { reason: path === "type" ? "unknown interaction type" : `malformed interaction at ${path}` };
  }
  if (json["type"] !== 1 && !("member" in json) && !("user" in json)) return { reason: "the interaction has no user" };
  return json as unknown as APIInteraction;
}

/** A body's JSON object, or why it holds none. */
export function parseObject(body: Uint8Array): Record<string, unknown> | { reason: string } {
  const json = parseJson(body);
  if (json === undefined) return { reason: "the body is not JSON" };
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { reason: "the body is not a JSON object" };
  return json as Record<string, unknown>;
}

// --- Internal helpers ---

/** Invalid UTF-8 fails, and a byte order mark stays: what was signed is what is read, and JSON.parse refuses both. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}
