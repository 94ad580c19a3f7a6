import type { PubsubContext } from "../context.ts";
import { deadLettersMs } from "../lives.ts";
import { fieldsOf, type Message, pairsOf, type RawEntry, readMessage } from "../message.ts";

/** A message that its group gave up. */
export interface DeadLetter {
  /** Its id among the dead letters. */
  id: string;
  /** The message, with the stream id it had on the bus. */
  message: Message;
  /** The last handler's error, or that the workers died. */
  reason: string;
  deliveries: number;
}

/** Which dead letters to read. */
export interface DeadLetterPage {
  /** Default: 10. */
  count?: number;
  /** The id of the last dead letter that is known. Default: from the oldest. */
  after?: string;
  /** Only these, in this order. `count` and `after` are ignored. */
  ids?: readonly string[];
}

/** Dead letters kept per group, give or take a hundred. All end 30 days after the last one. */
const maxDeadLetters = 10_000;

/** Adds a message to the group's dead letters, then acknowledges it. Cost: 3 commands, 1 round trip. */
export async function bury(context: PubsubContext, group: string, letter: Omit<DeadLetter, "id">): Promise<void> {
  const { message, reason, deliveries } = letter;
  const { stream, deadLetters } = context.keys;
  const fields = fieldsOf({ ...message, text: JSON.stringify(message.data) });
  await Promise.all([
    context.exec(
      "XADD",
      deadLetters(group),
      "MAXLEN",
      "~",
      maxDeadLetters,
      "*",
      ...fields,
      "b",
      message.streamId,
      "r",
      reason.slice(0, 300),
      "n",
      deliveries,
    ),
    context.exec("PEXPIRE", deadLetters(group), deadLettersMs),
    context.exec("XACK", stream, group, message.streamId),
  ]);
}

/** Returns dead letters, the oldest first. Cost: 1 command, 1 round trip; 1 command for each of `ids`. */
export async function listDeadLetters(
  context: PubsubContext,
  group: string,
  { count = 10, after, ids }: DeadLetterPage = {},
): Promise<DeadLetter[]> {
  const read = (from: string, to: string, most: number) =>
    context.exec<RawEntry[] | null>("XRANGE", context.keys.deadLetters(group), from, to, "COUNT", most);
  const found = ids
    ? await Promise.all(ids.map((id) => read(id, id, 1)))
    : [await read(after === undefined ? "-" : `(${after}`, "+", count)];
  return found.flat().flatMap((raw) => {
    if (raw === null || raw[1] === null) return [];
    const fields = pairsOf(raw[1]);
    const message = readMessage(String(fields.get("b")), fields, context.clock.now());
    if (!message) {
      context.report({ type: "unreadable", where: raw[0] });
      return [];
    }
    const deliveries = Number(fields.get("n"));
    const reason = String(fields.get("r"));
    return [{ id: raw[0], message, reason, deliveries: Number.isSafeInteger(deliveries) ? deliveries : 0 }];
  });
}

/** Deletes dead letters; returns how many were deleted. Cost: 1 command, 1 round trip. */
export const removeDeadLetters = async (
  context: PubsubContext,
  group: string,
  ids: readonly string[],
): Promise<number> => (ids.length === 0 ? 0 : context.exec<number>("XDEL", context.keys.deadLetters(group), ...ids));
