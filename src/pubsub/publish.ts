import { RedisUnknownOutcomeError } from "../redis/index.ts";
import { checkChannel } from "./channels.ts";
import type { PubsubContext } from "./context.ts";
import { MessageTooLargeError, NotJsonError, PublishUncertainError } from "./errors.ts";
import { fieldsOf } from "./message.ts";

export interface PublishOptions {
  /** What kind of event it is; `message` when left out. */
  type?: string;
  /** The message's id: publishing again under the same one reaches nobody twice who remembers it. */
  id?: string;
  /** Sends the command in the place of the door, for one who has to stand in front of it, such as a leader's fence. */
  through?: Write;
}

/** Runs one command on these keys; gives back its reply. */
export type Write = (write: { keys: readonly string[]; command: readonly (string | number)[] }) => Promise<unknown>;

export interface Published {
  /** The message's id. */
  id: string;
  /** Its place on the bus. */
  streamId: string;
}

/** Further attempts when the answer was lost. */
const retries = 2;

/** One in so many messages trims by length instead of by age. */
const lengthTrimEvery = 16;

const encoder = new TextEncoder();

/** Publishes to one channel. 1 command in 1 round trip, and as many more for each lost answer, 2 at most. */
export async function publish(
  context: PubsubContext,
  channel: string,
  data: unknown,
  { type = "message", id = context.createId(), through }: PublishOptions = {},
): Promise<Published> {
  const text = textOf(context, checkChannel(channel), data);
  const send = (command: [string, ...(string | number)[]]) =>
    through ? through({ keys: [context.keys.stream], command }) : context.exec<string>(...command);
  const command = () => addCommand(context, fieldsOf({ id, channel, type, text, source: context.source }));
  for (let attempt = 0; ; attempt++) {
    try {
      const streamId = String(await send(command()));
      context.state.counters.published += 1;
      return { id, streamId };
    } catch (error) {
      if (!(error instanceof RedisUnknownOutcomeError)) throw error;
      if (attempt === retries) throw new PublishUncertainError(channel, id, { cause: error });
    }
  }
}

/** How long an idempotency key is kept. */
const onceMs = 24 * 3_600_000;

/**
 * The same, and again under the same key for a day publishes nothing and gives the first answer. 3 commands in 2 round
 * trips, then 1/1. When the first one never finished, its message is published under the same id.
 */
export async function publishOnce(
  context: PubsubContext,
  channel: string,
  data: unknown,
  { key, type = "message" }: { key: string; type?: string },
): Promise<{ id: string; isRepeated: boolean }> {
  const text = textOf(context, checkChannel(channel), data);
  const onceKey = context.keys.once(key);
  const claim = `?${context.createId()}`;
  const standing = await context.exec<string | null>("SET", onceKey, claim, "NX", "GET", "PX", onceMs);
  if (standing?.startsWith("=")) return { id: standing.slice(1), isRepeated: true };
  const id = (standing ?? claim).slice(1);
  const fields = fieldsOf({ id, channel, type, text, source: context.source });
  try {
    // One request, in order: the key says done only behind the message.
    await Promise.all([
      context.exec(...addCommand(context, fields)),
      context.exec("SET", onceKey, `=${id}`, "PX", onceMs),
    ]);
  } catch (error) {
    if (error instanceof RedisUnknownOutcomeError) throw new PublishUncertainError(channel, id, { cause: error });
    throw error;
  }
  context.state.counters.published += 1;
  return { id, isRepeated: false };
}

/**
 * Cuts the bus to its age and to its length, which publishing does as it goes. 2 commands in 1 round trip; says how many
 * messages went.
 */
export async function trim(
  { exec, keys, clock, retentionMs, maxLength }: PubsubContext,
  through: Write = ({ command: [name = "", ...rest] }) => exec(String(name), ...rest),
): Promise<number> {
  const cut = async (...rule: (string | number)[]) =>
    Number(await through({ keys: [keys.stream], command: ["XTRIM", keys.stream, ...rule] }));
  const [old, many] = await Promise.all([
    cut("MINID", Math.max(0, clock.now() - retentionMs)),
    cut("MAXLEN", maxLength),
  ]);
  return old + many;
}

// --- Internal helpers ---

function textOf({ maxBytes }: PubsubContext, channel: string, data: unknown): string {
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
 * Redis trims by one rule per command. Age is what readers are promised, so nearly every message trims by it; a few, by
 * chance, hold the length down instead, so that a burst cannot fill the database and no leader is needed to see to it.
 */
function addCommand(
  { keys, clock, retentionMs, maxLength }: PubsubContext,
  fields: readonly string[],
): [string, ...(string | number)[]] {
  const rule =
    clock.random() < 1 / lengthTrimEvery
      ? ["MAXLEN", "~", maxLength]
      : ["MINID", "~", Math.max(0, clock.now() - retentionMs)];
  return ["XADD", keys.stream, ...rule, "*", ...fields];
}
