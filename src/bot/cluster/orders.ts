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

/** The orders that every bot has, besides those of its features. */
export const orders = { forget, note };
