import { Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { z } from "zod";
import type { Contender } from "./contender.ts";

/** XADD and PUBLISH per message, and an open request per channel. */
export const realtime: Contender = {
  name: "@upstash/realtime",
  async open(url, token, channels) {
    const redis = new Redis({ url, token, enableTelemetry: false });
    const bus = new Realtime({ schema: { tick: z.number() }, redis });
    const state = { heard: 0, wake: () => {} };
    // Its pings continue after the last subscription, to a server that is closed by then.
    const timers: NodeJS.Timeout[] = [];
    const { setInterval } = globalThis;
    globalThis.setInterval = ((run: () => void, ms: number) => {
      const timer = setInterval(run, ms);
      timers.push(timer);
      return timer;
    }) as typeof setInterval;
    const ends = await Promise.all(
      channels.map((channel) =>
        bus.channel(channel).subscribe({
          events: ["tick"],
          onData() {
            state.heard += 1;
            state.wake();
          },
        }),
      ),
    );
    globalThis.setInterval = setInterval;
    return {
      publish: (channel, data) => bus.channel(channel).emit("tick", data),
      async hear(count) {
        while (state.heard < count) await new Promise<void>((resolve) => void (state.wake = resolve));
      },
      close: async () => {
        for (const timer of timers) clearInterval(timer);
        for (const end of ends) end();
      },
    };
  },
};
