import type { Host } from "./context.ts";
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
export async function bury(host: Host, group: string, letter: Omit<DeadLetter, "id">): Promise<void> {
  const { message, reason, deliveries } = letter;
  const { stream, deadLetters } = host.keys;
  const fields = fieldsOf({ ...message, text: JSON.stringify(message.data) });
  await Promise.all([
    host.exec(
      ...(["XADD", deadLetters(group), "MAXLEN", "~", maxDeadLetters, "*"] as [string, ...(string | number)[]]),
      ...fields,
      "b",
      message.streamId,
      "r",
      reason.slice(0, 300),
      "n",
      deliveries,
    ),
    host.exec("XACK", stream, group, message.streamId),
  ]);
}

/** The oldest dead letters, after one when told. 1 command in 1 round trip. */
export async function listDeadLetters(
  host: Host,
  group: string,
  { count = 10, after }: { count?: number; after?: string } = {},
): Promise<DeadLetter[]> {
  const from = after === undefined ? "-" : `(${after}`;
  const found = await host.exec<RawEntry[] | null>("XRANGE", host.keys.deadLetters(group), from, "+", "COUNT", count);
  return (found ?? []).flatMap((raw) => {
    if (raw === null || raw[1] === null) return [];
    const fields = pairsOf(raw[1]);
    const message = readMessage(String(fields.get("b")), fields);
    if (!message) return [];
    return [{ id: raw[0], message, reason: String(fields.get("r")), deliveries: Number(fields.get("n")) }];
  });
}

/** Forgets dead letters; says how many there were. 1 command in 1 round trip. */
export const removeDeadLetters = async (host: Host, group: string, ids: readonly string[]): Promise<number> =>
  ids.length === 0 ? 0 : host.exec<number>("XDEL", host.keys.deadLetters(group), ...ids);
