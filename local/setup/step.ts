/** One step of `npm run setup`: it says what it does before it does it, and may run again. */
export interface Step<Input, Output> {
  readonly title: string;
  /** Says, in a sentence or two, what happens now. */
  readonly does: string;
  /** Does it. Throws a `Failure`, with its cure. */
  run(input: Input, tools: Tools): Promise<Output>;
}

/** The means with which a step speaks with the person. */
export interface Tools {
  /** Says something that a step found out or did. */
  say(line: string): void;
  /** Passes on what another program prints. */
  pass(text: string): void;
  ask: Ask;
}

/**
 * Returns what the person types, without showing it. Throws a `UsageError` that names the variable where no person is asked, as
 * in CI.
 */
export type Ask = (question: string, variable: string) => Promise<string>;
