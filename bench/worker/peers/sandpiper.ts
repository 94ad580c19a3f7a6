import { Hono } from "hono";
import {
  createKit,
  createRouter,
  type KeyRing,
  type RouterServices,
  receiveInteraction,
} from "../../../src/discord/index.ts";
import { systemClock } from "../../../src/platform/index.ts";
import type { BenchEnv } from "../env.ts";

// `src/discord/` alone behind Hono: what a Worker without Redis would be made of.

const { command } = createKit<RouterServices>();
const answer = createRouter<RouterServices>({
  handlers: [command({ name: "ping", description: "Pong", run: () => "Pong!" })],
  onError: String,
});
const keys: KeyRing = new Map();
const app = new Hono<{ Bindings: BenchEnv }>();

app.post("/interactions", (c) =>
  receiveInteraction(c.req.raw, {
    publicKeys: [c.env.DISCORD_PUBLIC_KEY],
    keys,
    missingKey: "",
    answer: (interaction) =>
      answer(interaction, {
        clock: systemClock,
        waitUntil: (work) => c.executionCtx.waitUntil(work),
        get discord(): never {
          throw new Error("nothing is sent to Discord here");
        },
      }),
  }),
);

export default app;
