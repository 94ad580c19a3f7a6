import { explain, Failure } from "../deployment/failures.ts";
import type { Check, Finding } from "./check.ts";
import type { Facts } from "./facts.ts";

/** Asks one check. Does not reject. */
export async function examine({ needs = [], run }: Check, facts: Facts): Promise<Finding> {
  const missing = needs.filter((name) => facts.settings.get(name) === undefined);
  if (missing.length > 0) return { is: "unknown", text: `skipped without ${missing.join(", ")}` };
  try {
    return await run(facts);
  } catch (error) {
    const failure = explain(error);
    if (failure instanceof Failure) return { is: "wrong", text: failure.problem, cure: failure.cure };
    const text = failure instanceof Error ? failure.message : String(failure);
    return { is: "wrong", text: `could not be checked: ${text}`, cure: "npm run doctor again in a minute" };
  }
}
