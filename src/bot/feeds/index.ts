import { feature } from "../kit.ts";
import { feed } from "./commands.ts";
import { openDeliveries } from "./delivery.ts";
import { forgetFollowings } from "./followings.ts";
import { feedChannel } from "./topics.ts";

/** Topics, and the channels that their posts are delivered to. */
export const feeds = feature({
  name: "feeds",
  handlers: [feed],
  forgetGuild: forgetFollowings,
  feeds: { feeds: { channels: feedChannel("*"), open: openDeliveries } },
});
