import { installLink, usedInstallTypes } from "../deployment/application.ts";
import type { Step } from "./step.ts";

const nouns = { "0": "to a server", "1": "to your account, for use everywhere" };

export const install: Step<{ applicationId: string }, void> = {
  title: "Install link",
  does: "Prints the link with which the bot is added, with the scopes and permissions that its commands need.",
  async run({ applicationId }, { say }) {
    for (const type of usedInstallTypes()) say(`Add it ${nouns[type]}: ${installLink(applicationId, type)}`);
  },
};
