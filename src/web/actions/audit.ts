import type { AdminServices } from "../services.ts";

/** One action, by whom, and what came of it. */
export interface AuditEntry {
  /** Its id in the audit. */
  id: string;
  /** Epoch milliseconds, by the server's clock. */
  at: number;
  /** "token", or the browser that logged in. */
  who: string;
  /** The action's name: `drop-letter`. */
  action: string;
  /** One sentence for people. */
  text: string;
  /** How many things it changed. */
  count: number;
}

type AuditServices = Pick<AdminServices, "prefix" | "redis">;

/** About as many are kept; all of them end ninety days after the last one. */
const kept = 1_000;
const keptMs = 90 * 86_400_000;

const keyOf = (prefix: string): string => `${prefix}a:audit`;

/** Keeps an action; returns its id. Cost: 2 commands, 1 round trip. */
export async function noteAction(
  { redis, prefix }: AuditServices,
  { who, action, text, count }: Omit<AuditEntry, "id" | "at">,
): Promise<string> {
  const key = keyOf(prefix);
  const [id] = await Promise.all([
    redis.exec<string>(["XADD", key, "MAXLEN", "~", kept, "*", "e", JSON.stringify([who, action, text, count])]),
    redis.exec(["PEXPIRE", key, keptMs]),
  ]);
  return id;
}

/** Returns the last actions, the newest first. Cost: 1 command, 1 round trip. */
export async function readAudit({ redis, prefix }: AuditServices, count: number): Promise<AuditEntry[]> {
  const found = await redis.exec<[string, string[]][] | null>(["XREVRANGE", keyOf(prefix), "+", "-", "COUNT", count]);
  return (found ?? []).flatMap(([id, fields]) => readEntry(id, fields[1]) ?? []);
}

// --- Internal helpers ---

/** Returns `undefined` for an entry of another version. */
function readEntry(id: string, text = ""): AuditEntry | undefined {
  try {
    const [who, action, said, count]: unknown[] = JSON.parse(text);
    const at = Number.parseInt(id, 10);
    if (typeof who !== "string" || typeof action !== "string" || typeof said !== "string") return undefined;
    return typeof count === "number" ? { id, at, who, action, text: said, count } : undefined;
  } catch {
    return undefined;
  }
}
