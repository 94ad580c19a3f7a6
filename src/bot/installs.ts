import { event, feature } from "./kit.ts";

const installed = event({
  type: "APPLICATION_AUTHORIZED",
  run({ data: { user, guild, scopes } }, { log }) {
    log("info", "application added", { user: user.id, guild: guild?.id, scopes });
  },
});

const removed = event({
  type: "APPLICATION_DEAUTHORIZED",
  run({ data: { user } }, { log }) {
    log("info", "application removed", { user: user.id });
  },
});

/** Logs who added or removed the application, and where. */
export const installs = feature({ name: "installs", events: [installed, removed] });
