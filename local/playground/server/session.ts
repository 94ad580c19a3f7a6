import type { APIMessage } from "discord-api-types/v10";
import * as v from "valibot";
import { messagesOf, type Simulator } from "../../discord/index.ts";
import type { ExchangeView, SavedSession } from "../protocol.ts";
import { read } from "./act-schema.ts";
import type { Exchanges } from "./exchanges.ts";

// A session as a file: the messages of the world and the exchanges. What Redis holds is not part of it.

const id = v.pipe(v.string(), v.regex(/^\d{17,20}$/));
const list = v.array(v.looseObject({}));
const user = v.looseObject({ id, username: v.pipe(v.string(), v.maxLength(100)) });
const message = v.looseObject({
  id,
  channel_id: id,
  author: user,
  content: v.pipe(v.string(), v.maxLength(4_000)),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  edited_timestamp: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  attachments: v.array(v.looseObject({ id, filename: v.string(), url: v.string(), size: v.number() })),
  embeds: list,
  mentions: v.array(user),
  mention_roles: v.array(id),
  mention_everyone: v.boolean(),
  flags: v.optional(v.number()),
  components: v.optional(list),
});

const headers = v.record(v.string(), v.string());
const moment = { at: v.number() };
const call = { ...moment, ms: v.number(), isBehind: v.boolean() };
const exchange = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
  kind: v.picklist(["command", "component", "autocomplete", "form", "event", "ping", "cron"]),
  title: v.string(),
  ...moment,
  ms: v.optional(v.number()),
  status: v.optional(v.number()),
  request: v.object({ headers, body: v.string() }),
  response: v.optional(v.object({ headers, body: v.string() })),
  problems: v.array(v.string()),
  redis: v.array(v.object({ ...call, commands: v.array(v.string()), billed: v.number() })),
  rest: v.array(v.object({ ...call, method: v.string(), path: v.string(), status: v.number() })),
  logs: v.array(v.object({ ...moment, level: v.string(), text: v.string() })),
  isCertain: v.boolean(),
});

const session = v.object({
  version: v.literal(1),
  savedAt: v.string(),
  messages: v.record(id, v.pipe(v.array(message), v.maxLength(10_000))),
  privateTo: v.record(id, id),
  directs: v.record(id, id),
  exchanges: v.pipe(v.array(exchange), v.maxLength(1_000)),
});

/** Returns the session as it can be saved. */
export function saveSession({ world }: Simulator, exchanges: Exchanges, savedAt: number): SavedSession {
  return {
    version: 1,
    savedAt: new Date(savedAt).toISOString(),
    messages: Object.fromEntries([...world.messages].map(([channel, messages]) => [channel, [...messages.values()]])),
    privateTo: Object.fromEntries(world.privateTo),
    directs: Object.fromEntries([...world.directChannels].map(([person, channel]) => [person, channel.id])),
    exchanges: exchanges.all().map(({ view }) => view),
  };
}

/**
 * Puts the messages and exchanges of a saved session in place of those of the world. Messages go to channels that exist; those
 * of direct messages to the present channel of the same person. Throws a `LineError` for anything but a session.
 */
export function openSession({ world }: Simulator, exchanges: Exchanges, file: unknown): void {
  const saved = read(session, file);
  const present = new Map(
    Object.entries(saved.directs).flatMap(([person, channel]) => {
      const direct = world.directChannels.get(person);
      return direct ? [[channel, direct.id] as const] : [];
    }),
  );
  world.messages.clear();
  world.privateTo.clear();
  for (const [channel, messages] of Object.entries(saved.messages)) {
    const channelId = present.get(channel) ?? channel;
    const kept = messagesOf(world, channelId);
    const sorted = messages.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    for (const one of sorted) kept.set(one.id, { ...one, channel_id: channelId } as unknown as APIMessage);
  }
  for (const [messageId, person] of Object.entries(saved.privateTo)) world.privateTo.set(messageId, person);
  exchanges.replace(saved.exchanges as unknown as ExchangeView[]);
}
