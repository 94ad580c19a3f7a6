import type { Fence } from "./fence.ts";

/**
 * A message of the leader to every instance, itself included. An instance refuses notices under an older token than it has
 * seen, and under a token that no leader can have.
 */
export type Notice =
  /** `leader` is null when the leader leaves in good order: any other instance may try at once. */
  | { type: "leader-changed"; leader: string | null; before: string | null; token: number; at: number }
  /** An order, by name. */
  | { type: "command"; command: string; data: unknown; from: string; token: number; at: number };

/**
 * Sends a notice to every instance. A publisher that writes to Redis can write through the fence. Without the fence, late
 * notices travel, and the instances that receive them refuse them.
 *
 * @example
 * const publish: Publish = (notice, fence) =>
 *   fence.write({ keys: [stream], command: ["XADD", stream, "*", "notice", JSON.stringify(notice)] });
 */
export type Publish = (notice: Notice, fence: Fence) => Promise<unknown>;

/** Returns the notice in a message from the bus; undefined for any other message. */
export function readNotice(value: unknown): Notice | undefined {
  const { type, token, at, leader, before, command, from, data } = (value ?? {}) as Record<string, unknown>;
  if (!isNumber(token) || !isNumber(at)) return undefined;
  if (type === "leader-changed" && isNameOrNull(leader) && isNameOrNull(before)) {
    return { type, leader, before, token, at };
  }
  if (type === "command" && typeof command === "string" && typeof from === "string") {
    return { type, command, data, from, token, at };
  }
  return undefined;
}

// --- Internal helpers ---

const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isNameOrNull = (name: unknown): name is string | null => name === null || typeof name === "string";
