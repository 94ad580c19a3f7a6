import { extendBus } from "../lives.ts";
import { type Entry, type RawEntry, readEntries } from "../message.ts";
import { acknowledge } from "./acknowledge.ts";
import { type GroupContext, isFull, isReply } from "./context.ts";

/**
 * Reads messages that no worker has read, and acknowledges what is done. Makes the group if Redis does not know it.
 * Returns no message while Upstash keeps this worker's name from more.
 * Cost: 2 commands, 1 round trip; 1 command when nothing is done; 3 commands, 2 round trips more for a new group.
 */
export async function readPage(group: GroupContext): Promise<Entry[]> {
  // Both leave in one request. A lost acknowledgement is sent again with the next read.
  const [reading] = await Promise.allSettled([read(group), acknowledge(group, [...group.state.done])]);
  if (reading.status === "fulfilled") return reading.value;
  if (isFull(reading.reason)) return [];
  if (!isReply(reading.reason, "NOGROUP")) throw reading.reason;
  await create(group);
  return read(group);
}

// --- Internal helpers ---

async function read({ pubsub, name, consumer, pageSize }: GroupContext): Promise<Entry[]> {
  const { stream } = pubsub.keys;
  const reply = await pubsub.exec<[string, RawEntry[]][] | null>(
    "XREADGROUP",
    "GROUP",
    name,
    consumer,
    "COUNT",
    pageSize,
    "STREAMS",
    stream,
    ">",
  );
  return readEntries(pubsub, reply?.[0]?.[1] ?? []);
}

async function create({ pubsub, name, from }: GroupContext): Promise<void> {
  try {
    const creating = pubsub.exec(
      "XGROUP",
      "CREATE",
      pubsub.keys.stream,
      name,
      from === "oldest" ? "0" : "$",
      "MKSTREAM",
    );
    await Promise.all([creating, extendBus(pubsub)]);
  } catch (error) {
    // Another worker was quicker.
    if (!isReply(error, "BUSYGROUP")) throw error;
  }
}
