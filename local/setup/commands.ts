import type { DiscordRest } from "../../src/discord/index.ts";
import { explainRegistration } from "../register/explain.ts";
import { reconcile } from "../register/reconcile.ts";
import type { Step } from "./step.ts";

export const commands: Step<{ rest: DiscordRest }, void> = {
  title: "Commands",
  does: "Makes Discord's list of commands that of src/bot/features.ts, and prints what differs.",
  async run({ rest }, { say }) {
    await reconcile(rest, { print: (...lines) => lines.forEach(say) }).catch((error: unknown) => {
      throw explainRegistration(error, undefined);
    });
  },
};
