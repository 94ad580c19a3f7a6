import { Redis } from "@upstash/redis";
import type { Contender } from "./contender.ts";

/** A stream per channel, and one XREAD for each in turn, as a port of a socket client does. */
export const loop: Contender = {
  name: "XREAD per channel",
  async open(url, token, channels) {
    const redis = new Redis({ url, token, automaticDeserialization: false, enableTelemetry: false });
    const cursors = new Map(channels.map((channel) => [channel, "0-0"]));
    let heard = 0;
    return {
      publish: (channel, data) => redis.xadd(`loop:${channel}`, "*", { data }),
      async hear(count) {
        while (heard < count) {
          for (const [channel, cursor] of cursors) {
            const reply = await redis.exec<[string, [string, string[]][]][] | null>([
              "XREAD",
              "COUNT",
              100,
              "STREAMS",
              `loop:${channel}`,
              cursor,
            ]);
            const entries = reply?.[0]?.[1] ?? [];
            heard += entries.length;
            cursors.set(channel, entries.at(-1)?.[0] ?? cursor);
          }
        }
      },
      close: async () => {},
    };
  },
};
