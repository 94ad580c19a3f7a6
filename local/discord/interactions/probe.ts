import { answerWithinMs } from "../limits.ts";
import { postInTime } from "./exchange.ts";
import type { Endpoint, Tampering } from "./post-signed.ts";

/** Sends a body whose signature must be refused, and tells whether the Worker refused it with 401. */
export async function probe(endpoint: Endpoint, body: string, tamper: Tampering, id: string): Promise<void> {
  const { clock, emit } = endpoint.context;
  const startedAt = clock.now();
  const name = tamper === "bad-signature" ? "a bad signature" : "a signature that is ten minutes old";
  let status = 0;
  let problems: string[];
  try {
    ({ status } = await postInTime(endpoint, body, { id, tamper }));
    problems = status === 401 ? [] : [`The Worker answered HTTP ${status} to ${name}; Discord expects 401.`];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems = [
      reason === "fetch failed" ? `The Worker could not be reached within ${answerWithinMs / 1_000} s.` : reason,
    ];
  }
  emit({ type: "delivered", exchange: id, outcome: { status, problems, ms: clock.now() - startedAt } });
}
