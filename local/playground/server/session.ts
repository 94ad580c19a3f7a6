import type { APIMessage } from "discord-api-types/v10";
import * as v from "valibot";
import { messagesOf, type Simulator } from "../../discord/index.ts";
import type { ExchangeView, OpenedSession, SavedSession } from "../protocol.ts";
import { read } from "./act-schema.ts";
import type { Exchanges } from "./exchanges.ts";

// A session as a file: the messages of the world with their files, and the exchanges. What Redis holds is not part of it.

/** Files beyond these, the oldest first, are left out: in Base64 they would not fit into what the page can send. */
const maxFilesBytes = 20 * 1_048_576;

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
const body = v.object({ headers, body: v.string(), cutFrom: v.optional(v.number()) });
const moment = { at: v.number() };
const call = { ...moment, ms: v.number(), isBehind: v.boolean() };
const exchange = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
  kind: v.picklist(["command", "component", "autocomplete", "form", "event", "ping", "cron"]),
  title: v.string(),
  ...moment,
  ms: v.optional(v.number()),
  status: v.optional(v.number()),
  request: body,
  response: v.optional(body),
  limits: v.optional(v.array(v.object({ name: v.string(), used: v.number(), max: v.number() })), []),
  problems: v.array(v.string()),
  redis: v.array(v.object({ ...call, commands: v.array(v.string()), billed: v.number() })),
  rest: v.array(v.object({ ...call, method: v.string(), path: v.string(), status: v.number() })),
  logs: v.array(v.object({ ...moment, level: v.string(), text: v.string() })),
  isCertain: v.boolean(),
});

/** Valibot's own rule overflows the stack on a file of megabytes. */
const base64 = v.pipe(
  v.string(),
  v.check((text) => !/[^\w+/=]/.test(text), "Not Base64."),
);

const session = v.object({
  version: v.literal(1),
  savedAt: v.string(),
  messages: v.record(id, v.pipe(v.array(message), v.maxLength(10_000))),
  privateTo: v.record(id, id),
  directs: v.record(id, id),
  exchanges: v.pipe(v.array(exchange), v.maxLength(1_000)),
  files: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^\d{17,20}\/\d{17,20}\/[\w.-]{1,300}$/)),
      v.object({ type: v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,200}$/)), data: base64 }),
    ),
    {},
  ),
  missingFiles: v.optional(v.number(), 0),
});

/** Returns the session as it can be saved. */
export function saveSession({ world, files }: Simulator, exchanges: Exchanges, savedAt: number): SavedSession {
  const kept = roomFor(files);
  return {
    version: 1,
    savedAt: new Date(savedAt).toISOString(),
    messages: Object.fromEntries([...world.messages].map(([channel, messages]) => [channel, [...messages.values()]])),
    privateTo: Object.fromEntries(world.privateTo),
    directs: Object.fromEntries([...world.directChannels].map(([person, channel]) => [person, channel.id])),
    exchanges: exchanges.all().map(({ view }) => view),
    files: Object.fromEntries(
      kept.map(([path, { type, bytes }]) => [path, { type, data: Buffer.from(bytes).toString("base64") }]),
    ),
    missingFiles: files.size - kept.length,
  };
}

/**
 * Puts the messages and exchanges of a saved session in place of those of the world. Messages go to channels that exist; those
 * of direct messages to the present channel of the same person. Throws a `LineError` for anything but a session.
 */
export function openSession({ world, files }: Simulator, exchanges: Exchanges, file: unknown): OpenedSession {
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
  files.clear();
  for (const [path, { type, data }] of Object.entries(saved.files))
    files.set(path, { type, bytes: new Uint8Array(Buffer.from(data, "base64")).buffer });
  exchanges.replace(saved.exchanges as unknown as ExchangeView[]);
  return { missingFiles: saved.missingFiles };
}

// --- Internal helpers ---

/** Returns the files that fit into a session, the newest first. */
function roomFor(files: Simulator["files"]): [string, { bytes: ArrayBuffer; type: string }][] {
  let left = maxFilesBytes;
  return [...files].toReversed().filter(([, { bytes }]) => (left -= bytes.byteLength) >= 0);
}
