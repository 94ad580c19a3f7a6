import type { Fence } from "./fence.ts";

/** What the leader tells all instances, itself included. Under an older token than one heard of before it is refused. */
export type Notice =
  /** `leader` is null when it leaves in good order: whoever wants to lead may try at once. */
  | { type: "leader-changed"; leader: string | null; before: string | null; token: number; at: number }
  | { type: "command"; command: string; data: unknown; from: string; token: number; at: number };

/**
 * Puts a notice on whatever reaches all instances. Given the fence, so that a publisher that writes to Redis can let it
 * stand in front: `fence.write({ keys: [stream], command: ["XADD", stream, "*", …] })`. One that does not is still safe,
 * though late notices then travel, and are refused where they are received.
 */
export type Publish = (notice: Notice, fence: Fence) => Promise<unknown>;

/** Reads a notice from what came over the bus; undefined for anything else. */
export function readNotice(value: unknown): Notice | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, token, at, leader, before, command, from, data } = value as Record<string, unknown>;
  if (typeof token !== "number" || typeof at !== "number") return undefined;
  const isNameOrNull = (name: unknown): name is string | null => name === null || typeof name === "string";
  if (type === "leader-changed" && isNameOrNull(leader) && isNameOrNull(before)) {
    return { type, leader, before, token, at };
  }
  if (type === "command" && typeof command === "string" && typeof from === "string") {
    return { type, command, data, from, token, at };
  }
  return undefined;
}
