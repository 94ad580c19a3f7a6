import type { Fault, RedisRestServer } from "../redis/index.ts";

/** Sets the faults of a server, in place of those set before. Throws a sentence for a fault that cannot be. */
export async function breakRedis({ url }: RedisRestServer, token: string, faults: readonly Fault[]): Promise<void> {
  const response = await fetch(`${url}/-/faults`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(faults),
  });
  if (response.ok) return;
  const { error } = (await response.json()) as { error: string };
  throw new Error(`breakRedis: ${error.replace(/^ERR /, "")}.`);
}
