import type { APIInteraction } from "discord-api-types/v10";
import { anyOf, digits, lazy, list, number, object, optional, record, type Shape, string } from "./shape.ts";

const snowflake = digits(20);
const bits = digits(40);
const user = object({ id: snowflake, username: string });
const objects = optional(record(object({})));

const option: Shape = object({
  name: string,
  type: number,
  value: optional(anyOf("string", "number", "boolean")),
  options: optional(list(lazy(() => option))),
});
const resolved = optional(
  object({
    users: optional(record(user)),
    members: objects,
    roles: objects,
    channels: objects,
    messages: objects,
    attachments: objects,
  }),
);
const submitted = object({
  custom_id: string,
  value: optional(anyOf("string", "boolean", "null")),
  values: optional(list(string)),
});
const message = object({ id: snowflake });

const common = {
  id: snowflake,
  application_id: snowflake,
  token: string,
  guild_id: optional(snowflake),
  member: optional(object({ user, permissions: bits })),
  user: optional(user),
  app_permissions: optional(bits),
  locale: optional(string),
  authorizing_integration_owners: optional(object({})),
};

const command = object({
  ...common,
  data: object({
    name: string,
    type: number,
    options: optional(list(option)),
    resolved,
    target_id: optional(snowflake),
  }),
});

/** By the interaction's type. They check every field that the core reads; the rest is as Discord documents it. */
const shapes = new Map<unknown, Shape>([
  [1, object({})],
  [2, command],
  [4, command],
  [
    3,
    object({
      ...common,
      data: object({ custom_id: string, component_type: number, values: optional(list(string)), resolved }),
      message,
    }),
  ],
  [
    5,
    object({
      ...common,
      data: object({
        custom_id: string,
        components: list(
          object({ type: number, component: optional(submitted), components: optional(list(submitted)) }),
        ),
        resolved,
      }),
      message: optional(message),
    }),
  ],
]);

/** The reason why a signed body is refused, in a few words. */
export class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Returns the interaction in a signed body, or the reason why it holds none. Never throws. */
export function parseInteraction(body: Uint8Array): APIInteraction | Refusal {
  const json = parseObject(body);
  if (json instanceof Refusal) return json;
  const type = json["type"];
  if (type === undefined) return new Refusal("the interaction has no type");
  const shape = shapes.get(type);
  if (!shape) return new Refusal("unknown interaction type");
  const wrong = shape(json);
  if (wrong !== undefined) return new Refusal(`malformed interaction at ${wrong}`);
  if (type !== 1 && json["member"] === undefined && json["user"] === undefined) {
    return new Refusal("the interaction has no user");
  }
  return json as unknown as APIInteraction;
}

/** Returns the JSON object in a body, or the reason why it holds none. */
export function parseObject(body: Uint8Array): Record<string, unknown> | Refusal {
  const json = parseJson(body);
  if (json === undefined) return new Refusal("the body is not JSON");
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return new Refusal("the body is not a JSON object");
  }
  return json as Record<string, unknown>;
}

// --- Internal helpers ---

/** Fails on invalid UTF-8, and keeps a byte order mark, so that exactly the signed bytes are read. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}
