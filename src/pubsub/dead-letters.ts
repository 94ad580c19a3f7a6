import type { PubsubContext } from "./context.ts";
import { fieldsOf, type Message, pairsOf, type RawEntry, readMessage } from "./message.ts";

/** A message that its group gave up on. */
export interface DeadLetter {
  /** Its place among the dead letters. */
  id: string;
  /** With the stream id it had on the bus. */
  message: Message;
  /** What the last handler threw, or that nobody came back from it. */
  reason: string;
  deliveries: number;
}

/** How many a group keeps, give or take a hundred. */
const maxDeadLetters = 10_000;

/** Moves a message from the group's pending list to its dead letters, in that order. 2 commands in 1 round trip. */
export async function bury(context: PubsubContext, group: string, letter: Omit<DeadLetter, "id">): Promise<void> {
  const { message, reason, deliveries } = letter;
  const { stream, deadLetters } = context.keys;
  const fields = fieldsOf({ ...message, text: JSON.stringify(message.data) });
  await Promise.all([
    context.exec(
      ...(["XADD", deadLetters(group), "MAXLEN", "~", maxDeadLetters, "*"] as [string, ...(string | number)[]]),
      ...fields,
      "b",
      message.streamId,
      "r",
      reason.slice(0, 300),
      "n",
      deliveries,
    ),
    context.exec("XACK", stream, group, message.streamId),
  ]);
}

/** The oldest dead letters, after one when told. 1 command in 1 round trip. */
export async function listDeadLetters(
  context: PubsubContext,
  group: string,
  { count = 10, after }: { count?: number; after?: string } = {},
): Promise<DeadLetter[]> {
  const from = after === undefined ? "-" : `(${after}`;
  const found = await context.exec<RawEntry[] | null>(
    "XRANGE",
    context.keys.deadLetters(group),
    from,
    "+",
    "COUNT",
    count,
  );
  return (found ?? []).flatMap((raw) => {
    if (raw === null || raw[1] === null) return [];
    const fields = pairsOf(raw[1]);
    const message = readMessage(String(fields.get("b")), fields);
    if (!message) return [];
    return [{ id: raw[0], message, reason: String(fields.get("r")), deliveries: Number(fields.get("n")) }];
  });
}

/** Forgets dead letters; says how many there were. 1 command in 1 round trip. */
export const removeDeadLetters = async (
  context: PubsubContext,
  group: string,
  ids: readonly string[],
): Promise<number> => (ids.length === 0 ? 0 : context.exec<number>("XDEL", context.keys.deadLetters(group), ...ids));
