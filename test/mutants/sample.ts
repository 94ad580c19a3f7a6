import { createHash } from "node:crypto";
import type { Mutant } from "./mutate/mutants.ts";

/**
 * Returns `count` of the mutants, in an order that only the seed and their own text decide: an edit elsewhere in the project
 * leaves most of a sample as it was.
 */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const ranked = mutants.map((mutant) => ({ mutant, rank: rankOf(mutant, seed) }));
  return ranked
    .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

const rankOf = ({ file, kind, from, to, line }: Mutant, seed: number): string =>
  createHash("sha1")
    .update(JSON.stringify([seed, file, kind, from, to]))
    .digest("hex") + String(line).padStart(6, "0");
