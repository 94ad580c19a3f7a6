import type { TestFile } from "../tests-of.ts";

/** To the process that runs tests: run them in this order, until one fails. */
export interface Order {
  /** The file that holds the fault, if there is one. */
  changed?: string;
  tests: readonly TestFile[];
}

/** A test that failed. */
export interface Failure extends TestFile {
  /** Its full name, or what failed outside of a test. */
  test: string;
  error: string;
}

/** From that process: it is ready for a job; a test has ended; the job has ended. */
export type Report = { type: "ready" } | { type: "alive" } | { type: "done"; failure?: Failure };
