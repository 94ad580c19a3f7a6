import { DeclarationError } from "../declare/errors.ts";
import { type CooldownStore, problemWithCooldown } from "../guards/cooldown.ts";
import type { AnswerStore } from "./answer-store.ts";
import type { Entry } from "./entry.ts";

/** Where the router keeps what every isolate has to see. */
export interface Stores<Services> {
  /** Returns the store of first answers. Required as soon as one handler has `once`. */
  answers?(services: Services): AnswerStore;
  /** Returns the store that counts uses. Required as soon as one handler has a `cooldown`. */
  cooldowns?(services: Services): CooldownStore;
}

/** Throws a `DeclarationError` that names each handler whose `once` or `cooldown` cannot be kept, and says why. */
export function checkStores<Services>(entries: readonly Entry<Services>[], stores: Stores<Services>): void {
  const problems = entries.flatMap(({ name, behaviour: { once, cooldown } }) => {
    const problem = cooldown && problemWithCooldown(cooldown);
    return [
      ...(once && !stores.answers ? [missing(name, "once", "answers")] : []),
      ...(cooldown && !stores.cooldowns ? [missing(name, "cooldown", "cooldowns")] : []),
      ...(problem === undefined ? [] : [`"${name}" has a cooldown that cannot be kept: ${problem}.`]),
    ];
  });
  if (problems.length > 0) throw new DeclarationError(problems.join("\n"));
}

// --- Internal helpers ---

const missing = (name: string, option: string, store: string): string =>
  `"${name}" has \`${option}\`, and the router has no \`${store}\` to keep it: give createRouter a store, or remove \`${option}\`.`;
