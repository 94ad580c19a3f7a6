import fc, { type IAsyncProperty } from "fast-check";

export interface PropertyBudget {
  /** The most runs. */
  runs: number;
  /** No further runs begin after this many milliseconds. Default: 4,000. */
  budgetMs?: number;
}

/** Checks a property in as many runs as fit into its budget of time, and in a twentieth of them at least. */
export async function assertWithin<Ts>(
  property: IAsyncProperty<Ts>,
  { runs, budgetMs = 4_000 }: PropertyBudget,
): Promise<void> {
  const until = Date.now() + budgetMs;
  const numRuns = Math.ceil(runs / 20);
  for (let done = 0; done < runs && Date.now() < until; done += numRuns) await fc.assert(property, { numRuns });
}
