import type { Simulator } from "../../discord/index.ts";
import type { Attribution } from "./attribution.ts";
import type { Exchanges } from "./exchanges.ts";
import type { Forms } from "./forms.ts";
import type { Pending } from "./pending.ts";
import type { Polls } from "./polls.ts";
import type { Tell, Telling } from "./telling.ts";

export interface FollowOptions {
  simulator: Simulator;
  exchanges: Exchanges;
  polls: Polls;
  pending: Pending;
  forms: Forms;
  attribution: Attribution;
  telling: Telling;
  tell: Tell;
}

/** Hands what the simulator tells to the parts that keep it, and from there to the pages. Returns a function that ends it. */
export function follow(options: FollowOptions): () => void {
  const { simulator, exchanges, polls, pending, forms, attribution, telling, tell } = options;
  return simulator.on((event) => {
    exchanges.take(event);
    switch (event.type) {
      case "message":
        if (event.isNew) polls.watch(event.message);
        return telling.message(event.message, event.isNew);
      case "message-gone": {
        const { channelId, messageId } = event;
        tell(() => true, { type: "message-gone", channelId, messageId });
        return telling.unread(channelId);
      }
      case "interaction":
        return pending.take(event.record);
      case "delivered":
        pending.end(event.exchange, event.outcome);
        return forms.end(event.exchange, event.outcome);
      case "rest":
        return attribution.rest(event);
      case "world":
        return telling.world();
    }
  });
}
