import type { Mutant } from "./mutate/mutants.ts";

/** A fault that changes nothing that a caller, a person or an operator could see. Lines are without their indentation. */
export interface Equivalent {
  file: string;
  from: string;
  to: string;
  /** Why it changes nothing. */
  because: string;
}

/**
 * Faults that no test can notice. They do not count. An entry holds as long as its line stands in its file, wherever that is;
 * a test names the entries that no longer do.
 */
export const equivalents: readonly Equivalent[] = [];

/** Returns the entry for a fault, or `undefined` for one that a test can notice. */
export const equivalentOf = (
  mutant: Pick<Mutant, "file" | "from" | "to">,
  list: readonly Equivalent[] = equivalents,
): Equivalent | undefined =>
  list.find(({ file, from, to }) => file === mutant.file && from === mutant.from && to === mutant.to);
