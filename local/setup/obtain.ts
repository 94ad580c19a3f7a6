import { explain, Failure } from "../deployment/failures.ts";
import type { Settings } from "../deployment/settings.ts";
import { pasted } from "./ask.ts";
import type { Tools } from "./step.ts";

const mostTries = 3;

export interface Wanted<T> {
  /** The variables, with the question for each. */
  questions: Readonly<Record<string, string>>;
  /** Tries the values. Throws for wrong ones. */
  check(values: Readonly<Record<string, string>>): Promise<T>;
}

/**
 * Returns what `check` makes of the values of some variables: those that are set, or what the person types, who may try again after
 * a mistake. Throws a `Failure` for wrong ones that are set.
 */
export async function obtain<T>(settings: Settings, { questions, check }: Wanted<T>, { ask, say }: Tools): Promise<T> {
  const names = Object.keys(questions);
  const missing = names.filter((name) => settings.get(name) === undefined);
  for (const name of names) if (!missing.includes(name)) say(`${name} is taken from ${settings.origin(name)}.`);
  for (let tries = 1; ; tries++) {
    const values: Record<string, string> = {};
    for (const name of names) values[name] = settings.get(name) ?? pasted(await ask(questions[name] ?? name, name));
    try {
      return await check(values);
    } catch (error) {
      const failure = explain(error);
      if (!(failure instanceof Failure)) throw failure;
      if (missing.length === 0 || tries === mostTries) {
        const origins = [...new Set(names.filter((name) => !missing.includes(name)).map(settings.origin))];
        const where = origins.length > 0 ? ` The values come from ${origins.join(" and ")}.` : "";
        throw new Failure(failure.problem, `${failure.cure}${where}`, { cause: error });
      }
      say(failure.problem);
      say(failure.cure);
    }
  }
}
