import { cut } from "../../discord/index.ts";
import type { Order } from "../../runtime/index.ts";

const forget: Order = {
  description: "Forget what this isolate's memory holds of Discord",
  run: ({ isolate }) => isolate.cache.entries.clear(),
};

const note: Order = {
  description: "Write a line to the log",
  run: ({ log }, data, from) => log("info", "note", { from, note: cut(String(data), 500) }),
};

/** What the leader can have every instance do, whatever other features bring. */
export const orders = { forget, note };
