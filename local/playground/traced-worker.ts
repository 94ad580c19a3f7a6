import { AsyncLocalStorage } from "node:async_hooks";
import worker from "../../src/worker.ts";

// The entry point of the Worker under `npm run dev`: the deployed one, `src/worker.ts`, on the world's clock, its requests
// and its log marked with the exchange that they belong to. The deployed Worker holds none of this.

interface Trace {
  exchange: string | undefined;
  /** How far the world's clock is ahead of the machine's, in milliseconds. */
  aheadMs: number;
}

const current = new AsyncLocalStorage<Trace>();
const machine = { now: Date.now, fetch: globalThis.fetch.bind(globalThis) };

class WorldDate extends Date {
  constructor(...parts: ConstructorParameters<DateConstructor> | []) {
    if (parts.length === 0) super(WorldDate.now());
    else super(...parts);
  }
  static override now(): number {
    return machine.now() + (current.getStore()?.aheadMs ?? 0);
  }
}
globalThis.Date = WorldDate as DateConstructor;

globalThis.fetch = (input, init) => {
  const exchange = current.getStore()?.exchange;
  if (exchange === undefined) return machine.fetch(input, init);
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set("X-Sandpiper-Exchange", exchange);
  return machine.fetch(input, { ...init, headers });
};

for (const level of ["debug", "info", "log", "warn", "error"] as const) {
  const print = console[level].bind(console);
  console[level] = (...values: unknown[]) => {
    const exchange = current.getStore()?.exchange;
    if (exchange === undefined) return print(...values);
    const [first, ...more] = values;
    // In front of the first text, which may have placeholders for the rest.
    if (typeof first === "string") print(`⟦${exchange}⟧ ${first}`, ...more);
    else print(`⟦${exchange}⟧`, ...values);
  };
}

export default {
  fetch(request: Request, env: object, ctx: ExecutionContext) {
    const exchange = request.headers.get("X-Sandpiper-Exchange") ?? undefined;
    const aheadMs = Number(request.headers.get("X-Sandpiper-Ahead") ?? 0);
    return current.run({ exchange, aheadMs }, () => worker.fetch(request, env, ctx));
  },
  /** A tick's time is the world's: it comes with the event. */
  scheduled(event: { scheduledTime: number }, env: object, ctx: ExecutionContext) {
    const aheadMs = event.scheduledTime - machine.now();
    return current.run({ exchange: `cron-${event.scheduledTime}`, aheadMs }, () => worker.scheduled(event, env, ctx));
  },
};

interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
}
