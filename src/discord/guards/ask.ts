import type { BaseInteraction } from "../interaction/base.ts";
import type { Guard, Refused } from "./guard.ts";

/**
 * Asks guards one after the other. Returns the first refusal, or undefined when all allow the handler. Returns no promise where
 * no guard does.
 */
export function askGuards<Services>(
  guards: readonly Guard<Services>[],
  interaction: BaseInteraction,
  services: Services,
  from = 0,
): Refused | Promise<Refused> {
  for (let index = from; index < guards.length; index++) {
    const refused = guards[index]?.(interaction, services);
    if (refused instanceof Promise) {
      return refused.then((reply) => reply ?? askGuards(guards, interaction, services, index + 1));
    }
    if (refused !== undefined) return refused;
  }
  return undefined;
}
