import { writeThrough } from "../coordination/index.ts";
import type { FeatureDuty } from "../runtime/index.ts";
import { feature } from "./kit.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Off the full hour, which is when everyone else's schedules run. */
const minuteOfHour = 17 * minute;

/** Once an hour the leader trims streams and prunes session lists. */
const trim: FeatureDuty = ({ pubsub, sessions, redis, config, clock, log }) => ({
  isLeaderOnly: true,
  async run({ fence }) {
    // Isolates come and go: all of them know the minute, and Redis remembers whether one of them did it.
    const now = clock.now();
    const next = Math.floor(now / hour) * hour + minuteOfHour;
    if (now < next || now >= next + minute) return now < next ? next : next + hour;
    const isMine = await redis.commands.set(`${config.keyPrefix}chores`, String(now), { nx: true, px: hour / 2 });
    if (isMine !== null && fence) {
      const trimmed = await pubsub.trim(writeThrough(fence));
      const cleaned = await sessions.cleanUp();
      log("info", "maintenance", { trimmed, cleaned });
    }
    return next + hour;
  },
});

export const maintenance = feature({ name: "maintenance", duties: { maintenance: trim } });
