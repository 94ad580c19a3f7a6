import { DeclarationError } from "../declare/errors.ts";
import type { CooldownStore } from "../guards/cooldown.ts";
import type { AnswerStore } from "./answer-store.ts";
import type { Entry } from "./entry.ts";

/** Where the router keeps what every isolate has to see. */
export interface Stores<Services> {
  /** Keeps first answers. Required as soon as one handler has `once`. */
  answers?(services: Services): AnswerStore;
  /** Counts uses. Required as soon as one handler has a `cooldown`. */
  cooldowns?(services: Services): CooldownStore;
}

/** Throws a `DeclarationError` that names each handler whose `once` or `cooldown` could not be kept. */
export function checkStores<Services>(entries: readonly Entry<Services>[], stores: Stores<Services>): void {
  const problems = entries.flatMap(({ name, behaviour: { once, cooldown } }) => [
    ...(once && !stores.answers ? [problemOf(name, "once", "answers")] : []),
    ...(cooldown && !stores.cooldowns ? [problemOf(name, "cooldown", "cooldowns")] : []),
  ]);
  if (problems.length > 0) throw new DeclarationError(problems.join("\n"));
}

// --- Internal helpers ---

const problemOf = (name: string, option: string, store: string): string =>
  `"${name}" has \`${option}\`, and the router has no \`${store}\` to keep it: give createRouter a store, or take \`${option}\` away.`;
