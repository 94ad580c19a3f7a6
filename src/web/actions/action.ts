import type { AdminServices } from "../services.ts";

/** What a form or a program sends with an action: names and texts. */
export type ActionInput = Readonly<Record<string, string | undefined>>;

/** What became of an action. */
export type ActionResult =
  /** `text`: one sentence for people. */
  | { is: "done"; count: number; text: string }
  /** It changes many things at once, and was not sent with their number as `confirm`. */
  | { is: "unconfirmed"; count: number; question: string }
  | { is: "refused"; status: 400 | 404; error: string };

/** Does something that a person or a program asks for. Throws what the parts throw. */
export type Action = (services: AdminServices, input: ActionInput) => Promise<ActionResult>;

/** What an action does needs requests after it: its audit entry, and jobs that it sets going. */
export const keptRequests = 12;

export const done = (count: number, text: string): ActionResult => ({ is: "done", count, text });

export const invalid = (error: string): ActionResult => ({ is: "refused", status: 400, error });

export const missing = (error: string): ActionResult => ({ is: "refused", status: 404, error });

/** "1 job", "1,000 jobs". */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;

/** Returns the question, unless the input confirms as many; `undefined` to go on. */
export function unconfirmed({ confirm }: ActionInput, count: number, question: string): ActionResult | undefined {
  return confirm === String(count) ? undefined : { is: "unconfirmed", count, question };
}
