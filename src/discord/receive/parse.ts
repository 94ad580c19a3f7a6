import type { APIInteraction } from "discord-api-types/v10";
import { isNestedDeeperThan } from "../../platform/index.ts";
import { maxLength as maxCustomId } from "../custom-id.ts";
import {
  absent,
  anyOf,
  byId,
  digits,
  list,
  number,
  object,
  optional,
  record,
  type Shape,
  string,
  text,
} from "./shape.ts";

/** A message that quotes another, with components in containers, nests some twenty deep. */
const maxNesting = 64;

const snowflake = digits(20);
const bits = digits(40);
const name = optional(anyOf("string", "null"));
const user = object({ id: snowflake, username: string, global_name: name });
const membership = { nick: name, roles: optional(list(snowflake)) };
const entities = optional(byId(snowflake, object({ id: snowflake })));
/** It goes into paths. Discord's have some 200 characters, of base64url and dots. */
const token = text(2_048, /^[\w.~=+-]+$/);
const customId = text(maxCustomId);

/** An option with options in it, `depth` levels of them. */
const optionOf = (depth: number): Shape =>
  object({
    name: string,
    type: number,
    value: optional(anyOf("string", "number", "boolean")),
    options: depth === 0 ? absent : optional(list(optionOf(depth - 1))),
  });
/** A group, its subcommand, and an option of that. */
const option = optionOf(2);
const resolved = optional(
  object({
    users: optional(byId(snowflake, user)),
    members: optional(record(snowflake, object(membership))),
    roles: entities,
    channels: entities,
    messages: entities,
    attachments: entities,
  }),
);
const submitted = object({
  custom_id: customId,
  value: optional(anyOf("string", "boolean", "null")),
  values: optional(list(string)),
});
const message = object({ id: snowflake });
const channel = object({ id: snowflake });

const common = {
  id: snowflake,
  application_id: snowflake,
  token,
  guild_id: optional(snowflake),
  channel_id: optional(snowflake),
  channel: optional(channel),
  member: optional(object({ ...membership, user, permissions: bits })),
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
      data: object({ custom_id: customId, component_type: number, values: optional(list(string)), resolved }),
      message,
    }),
  ],
  [
    5,
    object({
      ...common,
      data: object({
        custom_id: customId,
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

/** Returns the JSON object in a body, or the reason why it holds none. Takes time in proportion to the body. */
export function parseObject(body: Uint8Array): Record<string, unknown> | Refusal {
  const text = decode(body);
  const json = text === undefined ? undefined : parseJson(text);
  if (json === undefined || text === undefined) return new Refusal("the body is not JSON");
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return new Refusal("the body is not a JSON object");
  }
  if (isNestedDeeperThan(maxNesting, text)) return new Refusal("the body is nested too deeply");
  return json as Record<string, unknown>;
}

// --- Internal helpers ---

/** Fails on invalid UTF-8, and keeps a byte order mark, so that exactly the signed bytes are read. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(body: Uint8Array): string | undefined {
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
