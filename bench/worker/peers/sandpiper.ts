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

class Services implements RouterServices {
  readonly clock = systemClock;
  readonly #ctx: Pick<ExecutionContext, "waitUntil">;
  constructor(ctx: Pick<ExecutionContext, "waitUntil">) {
    this.#ctx = ctx;
  }
  waitUntil(work: Promise<unknown>): void {
    this.#ctx.waitUntil(work);
  }
  get discord(): never {
    throw new Error("nothing is sent to Discord here");
  }
}

const { command } = createKit<Services>();
const answer = createRouter<Services>({
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
    answer: (interaction) => answer(interaction, new Services(c.executionCtx)),
  }),
);

export default app;
