import type { PubsubContext } from "./context.ts";

/** A bus, with the groups of workers that read it. */
export interface BusStatus {
  name: string;
  /** Messages kept. */
  length: number;
  groups: GroupStatus[];
}

export interface GroupStatus {
  name: string;
  /** Messages that no worker has read; `null` where Redis cannot say. */
  lag: number | null;
  /** Messages read and not acknowledged. */
  pending: number;
  consumers: { name: string; pending: number; idleMs: number }[];
  deadLetters: number;
}

/**
 * Returns how long the bus is, and how far these groups are with it. A group that has read nothing yet has lag 0.
 * Cost: 2 commands, and 2 for each group, 1 round trip.
 */
export async function readStatus(
  { exec, keys }: PubsubContext,
  name: string,
  groups: readonly string[],
): Promise<BusStatus> {
  // Redis refuses to tell of a stream or a group that does not exist.
  const rows = async (...command: [string, ...(string | number)[]]) =>
    (await exec<unknown[][]>(...command).catch(() => [])).map(fieldsOf);
  const [length, known, ...perGroup] = await Promise.all([
    exec<number>("XLEN", keys.stream),
    rows("XINFO", "GROUPS", keys.stream),
    ...groups.map(async (group) => {
      const [consumers, deadLetters] = await Promise.all([
        rows("XINFO", "CONSUMERS", keys.stream, group),
        exec<number>("XLEN", keys.deadLetters(group)),
      ]);
      return { group, consumers, deadLetters };
    }),
  ]);
  return {
    name,
    length,
    groups: perGroup.map(({ group, consumers, deadLetters }) => {
      const info = known.find((one) => one.get("name") === group);
      const lag = info ? info.get("lag") : 0;
      return {
        name: group,
        lag: typeof lag === "number" ? lag : null,
        pending: numberIn(info, "pending"),
        consumers: consumers.map((one) => ({
          name: String(one.get("name")),
          pending: numberIn(one, "pending"),
          idleMs: numberIn(one, "idle"),
        })),
        deadLetters,
      };
    }),
  };
}

// --- Internal helpers ---

/** A row is a flat list of names and values. */
const fieldsOf = (row: unknown[]): Map<unknown, unknown> =>
  new Map(row.flatMap((name, index) => (index % 2 === 0 ? [[name, row[index + 1]] as const] : [])));

const numberIn = (fields: Map<unknown, unknown> | undefined, name: string): number => Number(fields?.get(name) ?? 0);
