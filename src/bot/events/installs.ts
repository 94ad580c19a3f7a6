import { event } from "../kit.ts";

/** Who added the bot, and where, for the log. */
export const installed = event({
  type: "APPLICATION_AUTHORIZED",
  run({ data: { user, guild, scopes } }, { log }) {
    log("info", "application added", { user: user.id, guild: guild?.id, scopes });
  },
});

export const removed = event({
  type: "APPLICATION_DEAUTHORIZED",
  run({ data: { user } }, { log }) {
    log("info", "application removed", { user: user.id });
  },
});
