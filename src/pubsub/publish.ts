import { RedisReplyError, RedisUnknownOutcomeError } from "../redis/index.ts";
import { checkChannel } from "./channels.ts";
import type { PubsubContext } from "./context.ts";
import {
  InvalidMessageError,
  KeyReusedError,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  WrongTypeError,
} from "./errors.ts";
import { extendBus, keepBus, onceMs } from "./lives.ts";
import { fieldsOf, isMessageId, isMessageType } from "./message.ts";

export interface PublishOptions {
  /** The kind of event, up to 128 characters. Default: "message". */
  type?: string;
  /**
   * The message's id, up to 256 characters. A reader that remembers it ignores a second message under the same id. Default: a
   * new one.
   */
  id?: string;
  /** Sends the command, for example behind a leader's fence. Default: sends it as it is. */
  through?: Write;
}

/** Runs one command that touches these keys; returns its reply. */
export type Write = (write: { keys: readonly string[]; command: readonly (string | number)[] }) => Promise<unknown>;

export interface Published {
  /** The message's id. */
  id: string;
  /** Its position on the bus. */
  streamId: string;
}

export interface PublishOnceOptions {
  /** The idempotency key. Each channel has its own. */
  key: string;
  /** The kind of event, up to 128 characters. Default: "message". */
  type?: string;
}

export interface PublishedOnce {
  /** The message's id, the same for every call with this key. */
  id: string;
  /** The message was published before. */
  isRepeated: boolean;
}

type Command = [name: string, ...args: (string | number)[]];

/** Further attempts after a lost reply. */
const retries = 2;

/** One message in this many trims by length, the others by age. */
const lengthTrimEvery = 16;

const encoder = new TextEncoder();

/**
 * Publishes to one channel.
 * Cost: 1 command, 1 round trip; 1 command more once an hour and isolate; 1 more of each per lost reply, at most 2.
 */
export async function publish(
  context: PubsubContext,
  channel: string,
  data: unknown,
  { type = "message", id = context.createId(), through }: PublishOptions = {},
): Promise<Published> {
  const text = textOf(context, channel, data, { id, type });
  const send = (command: Command) =>
    through ? through({ keys: [context.keys.stream], command }) : context.exec<string>(...command);
  const command = () => addCommand(context, fieldsOf({ id, channel, type, text, source: context.source }));
  for (let attempt = 0; ; attempt++) {
    let keeping: Promise<boolean> | undefined;
    try {
      const sending = send(command());
      keeping = keepBus(context);
      context.onPublishing(channel);
      const streamId = String(await sending);
      // A message that was written through something else may be the bus's first, and come after.
      if (!(await keeping)) await extendBus(context);
      context.state.counters.published += 1;
      context.onPublished(channel);
      return { id, streamId };
    } catch (error) {
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
      if (attempt === retries) throw new PublishUncertainError(channel, id, { cause: error });
      await keeping;
    }
  }
}

/**
 * Publishes once for all calls to a channel with the same key within a day. If the first call did not finish, the next one
 * publishes under the first one's message id. Throws `KeyReusedError` where the first call had other data or another type.
 * Cost: 3 commands, 2 round trips; 1 command more once an hour and isolate; 1 command, 1 round trip for a repeated key.
 */
export async function publishOnce(
  context: PubsubContext,
  channel: string,
  data: unknown,
  { key, type = "message" }: PublishOnceOptions,
): Promise<PublishedOnce> {
  const text = textOf(context, channel, data, { type });
  const onceKey = context.keys.once(channel, key);
  const digest = await context.digest(`${type}\n${text}`);
  // The digest, "?" and an id while it is being published; the digest, "=" and the id from then on.
  const stored = await claimOnce(context, onceKey, `${digest}?${context.createId()}`);
  if (!stored.startsWith(digest)) throw new KeyReusedError(channel);
  const id = stored.slice(digest.length + 1);
  if (stored.at(digest.length) === "=") return { id, isRepeated: true };
  const fields = fieldsOf({ id, channel, type, text, source: context.source });
  try {
    // One request, in order: the key says published only after the message was added.
    const sending = [
      context.exec(...addCommand(context, fields)),
      context.exec("SET", onceKey, `${digest}=${id}`, "PX", onceMs),
      keepBus(context),
    ];
    context.onPublishing(channel);
    await Promise.all(sending);
  } catch (error) {
    if (error instanceof RedisUnknownOutcomeError) throw new PublishUncertainError(channel, id, { cause: error });
    // Redis runs each command of a request: the key says published although the message was refused. The next call publishes it.
    if (error instanceof RedisReplyError || error instanceof WrongTypeError)
      await context.exec("SET", onceKey, stored, "PX", onceMs).catch(() => undefined);
    throw error;
  }
  context.state.counters.published += 1;
  context.onPublished(channel);
  return { id, isRepeated: false };
}

// --- Internal helpers ---

/** Sets a claim, and returns it, or the value that the key has. A value that is not of pubsub counts as none. */
async function claimOnce(context: PubsubContext, key: string, claim: string): Promise<string> {
  try {
    const stored = await context.exec<string | null>("SET", key, claim, "NX", "GET", "PX", onceMs);
    if (stored === null) return claim;
    const id = /^[\w-]{43}[?=]([^]+)$/.exec(stored)?.[1];
    if (isMessageId(id)) return stored;
  } catch (error) {
    if (!(error instanceof WrongTypeError)) throw error;
  }
  context.report({ type: "unreadable", where: key });
  return claim;
}

/** Returns the data as JSON. Throws for anything that no reader would take. */
function textOf(
  { maxBytes }: PubsubContext,
  channel: string,
  data: unknown,
  { id, type }: { id?: string; type: string },
): string {
  checkChannel(channel);
  if (id !== undefined && !isMessageId(id)) throw new InvalidMessageError(channel, "an id of 1 to 256 characters");
  if (!isMessageType(type)) throw new InvalidMessageError(channel, "a type of 1 to 128 characters");
  let text: string | undefined;
  try {
    text = JSON.stringify(data === undefined ? null : data);
  } catch (cause) {
    throw new NotJsonError(channel, { cause });
  }
  if (text === undefined) throw new NotJsonError(channel);
  const bytes = encoder.encode(text).length;
  if (bytes > maxBytes) throw new MessageTooLargeError(channel, bytes, maxBytes);
  return text;
}

/**
 * Redis trims by one rule per command. Readers are promised an age, so nearly every message trims by age. A few, chosen
 * at random, trim by length, so that a burst cannot fill the database and trimming needs no leader.
 */
function addCommand({ keys, clock, retentionMs, maxLength }: PubsubContext, fields: readonly string[]): Command {
  const rule =
    clock.random() < 1 / lengthTrimEvery
      ? ["MAXLEN", "~", maxLength]
      : ["MINID", "~", Math.max(0, clock.now() - retentionMs)];
  return ["XADD", keys.stream, ...rule, "*", ...fields];
}
