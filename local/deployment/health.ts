import * as v from "valibot";

const versionSchema = v.nullish(v.object({ id: v.string(), tag: v.string(), timestamp: v.string() }));

const schema = v.object({
  ok: v.boolean(),
  error: v.optional(v.string()),
  redis: v.optional(v.object({ ok: v.boolean(), latencyMs: v.optional(v.number()), reason: v.optional(v.string()) })),
  version: versionSchema,
  now: v.optional(v.number()),
  tickedAt: v.nullish(v.number()),
});

/** What `/health` of a Worker says. */
export type Health = v.InferOutput<typeof schema>;

/** `strange`: something answers there that is not this bot. */
export type HealthReading =
  | { is: "read"; health: Health; receivedAt: number }
  | { is: "strange"; status: number; text: string }
  | { is: "unreachable"; reason: string };

/** Asks a Worker how it is. Does not reject. */
export async function readHealth(url: string, timeoutMs = 10_000): Promise<HealthReading> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(timeoutMs), redirect: "manual" });
    const text = await response.text();
    const receivedAt = Date.now();
    const { success, output } = v.safeParse(schema, parse(text));
    if (success) return { is: "read", health: output, receivedAt };
    return { is: "strange", status: response.status, text: text.slice(0, 100).replaceAll(/\s+/g, " ") };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    const reason = error instanceof Error ? error.message : String(error);
    return { is: "unreachable", reason: cause ? `${reason} (${cause})` : reason };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
