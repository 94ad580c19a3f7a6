import type { Facts } from "./facts.ts";

/** The result of a check. `unknown`: it cannot be known from here; the text says why. */
export type Finding =
  | { is: "right"; text: string }
  | { is: "wrong"; text: string; cure: string }
  | { is: "unknown"; text: string };

/** One question about a deployment. */
export interface Check {
  readonly name: string;
  /** The variables without which it cannot be asked. Default: none. */
  readonly needs?: readonly string[];
  /** Throws what Discord or Redis throws: that is a finding as well. */
  run(facts: Facts): Promise<Finding>;
}

export const right = (text: string): Finding => ({ is: "right", text });
/** The cure is a command where there is one. */
export const wrong = (text: string, cure: string): Finding => ({ is: "wrong", text, cure });
export const unknown = (text: string): Finding => ({ is: "unknown", text });
