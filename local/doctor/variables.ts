import { readConfig } from "../../src/runtime/config.ts";
import { variables as names, requiredCount } from "../deployment/settings.ts";
import { type Check, right, unknown, wrong } from "./check.ts";

export const variables: Check = {
  name: "variables",
  async run({ settings }) {
    const values = Object.fromEntries(names.map((name) => [name, settings.get(name)]));
    const malformed = readConfig(values).problems.filter(({ variable }) => values[variable] !== undefined);
    const [first] = malformed;
    if (first) {
      const texts = malformed.map(({ variable, problem }) => `${variable} ${problem.split(". ")[0]}`);
      return wrong(texts.join("; "), `correct ${first.variable} in ${settings.origin(first.variable)}`);
    }
    const missing = names.slice(0, requiredCount).filter((name) => values[name] === undefined);
    if (missing.length === 0) return right("all that are required are set, in the right form");
    return unknown(`not set here: ${missing.join(", ")}. npm run setup writes them, or export them`);
  },
};
