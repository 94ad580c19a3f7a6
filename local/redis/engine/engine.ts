import type { Backend } from "../backend.ts";
import { compiledEngine } from "./module.ts";
import { createSockets } from "./sockets.ts";
import { createStuckScripts, StuckScript } from "./stuck-scripts.ts";
import { createWasi, EngineExit } from "./wasi.ts";

export interface EngineOptions {
  /** Called with each line of the engine's log. Default: the log is dropped. */
  log?: (line: string) => void;
  /** The time that keys expire by, in epoch milliseconds. Default: the machine's clock. */
  now?: () => number;
  /** A script that runs for longer is ended, in milliseconds. Default: 5,000. */
  stuckMs?: number;
}

interface EngineExports {
  memory: WebAssembly.Memory;
  __stack_pointer: WebAssembly.Global;
  _initialize(): void;
  rk_boot(port: number): void;
  /** Runs one turn of the event loop and returns the number of events it handled. */
  rk_step(): number;
}

/** How often background work (expiry, timeouts of blocked clients) needs a turn. */
const idleMs = 100;

/** Starts an empty Valkey 9.1 in this thread. It opens no port and reads no file, and its data is lost when it ends. */
export async function createEngine({ log = () => {}, now, stuckMs = 5_000 }: EngineOptions = {}): Promise<Backend> {
  const memory = () => engine.memory;
  const sockets = createSockets({ memory, wake, onPoll: () => stuckScripts.check() });
  const stuckScripts = createStuckScripts({ memory, stackPointer: () => engine.__stack_pointer, sockets, stuckMs });
  const wasi = createWasi({ memory, log, ...(now && { now }) });
  let isStepScheduled = false;
  let ended: Error | undefined;
  let crashed: (reason: Error) => void = () => {};

  const tag = new WebAssembly.Tag({ parameters: ["i32"] });
  const instance = await WebAssembly.instantiate(await compiledEngine(), {
    host: sockets.imports,
    wasi_snapshot_preview1: wasi,
    // Lua handles errors with longjmp, which throws this tag with a pointer to its arguments. The types lack imported
    // tags.
    env: { __c_longjmp: tag as unknown as WebAssembly.Global },
  });
  const engine = instance.exports as unknown as EngineExports;
  engine._initialize();
  // Any port but 0 makes it listen: it then accepts the connections of `connect`.
  engine.rk_boot(6_379);
  // Until then the engine takes no other client's commands from a script.
  await configure("busy-reply-threshold", stuckMs);
  const timer = setInterval(step, idleMs).unref();

  function configure(name: string, value: number): Promise<void> {
    return new Promise((resolve) => {
      const connection = sockets.connect();
      connection.onData(() => {
        connection.close();
        resolve();
      });
      connection.write(Buffer.from(`CONFIG SET ${name} ${value}\r\n`));
    });
  }

  function wake(): void {
    if (isStepScheduled) return;
    isStepScheduled = true;
    queueMicrotask(() => {
      isStepScheduled = false;
      step();
    });
  }

  function step(): void {
    if (ended) return;
    try {
      let events: number;
      // Replies leave at the start of a turn, so there is always a last turn without events.
      do {
        stuckScripts.begin();
        events = engine.rk_step();
      } while (events > 0);
      stuckScripts.end();
    } catch (cause) {
      if (!(cause instanceof StuckScript)) return crash(cause);
      stuckScripts.undo();
      wake();
    }
  }

  function crash(cause: unknown): void {
    const how = cause instanceof EngineExit ? cause.message : `it crashed (${String(cause)})`;
    const reason = new Error(`The embedded Valkey ended: ${how}. Its data is lost; start a new one.`, { cause });
    end(reason);
    crashed(reason);
  }

  function end(reason: Error): void {
    ended = reason;
    clearInterval(timer);
    sockets.closeAll(reason);
  }

  return {
    description: "embedded Valkey 9.1.1",
    async connect() {
      if (ended) throw ended;
      return sockets.connect();
    },
    async close() {
      if (!ended) end(new Error("The embedded Valkey was closed."));
    },
    onCrash: (listener) => void (crashed = listener),
  };
}
