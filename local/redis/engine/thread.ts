import { Worker } from "node:worker_threads";
import type { Backend, Connection } from "../backend.ts";
import type { FromThread, ToThread } from "./thread-protocol.ts";

export interface EngineThreadOptions {
  /** Called with each line of the engine's log. Default: the log is dropped. */
  log?: (line: string) => void;
  /** A script that runs for longer is ended, in milliseconds. Default: 5,000. */
  stuckMs?: number;
  /** An engine silent for longer, as in a search without end, loses its thread and its data. Default: `2 * stuckMs`. */
  silentMs?: number;
  /** How far the time that keys expire by is ahead of the machine's clock, in milliseconds. Default: 0. */
  aheadMs?: number;
}

export interface EngineThread extends Backend {
  /** Sets how far the time that keys expire by is ahead of the machine's clock, in milliseconds. */
  setAhead(ms: number): void;
}

interface Client {
  onData(chunk: Uint8Array): void;
  onClose(reason?: Error): void;
}

/**
 * Starts the embedded Valkey in a worker thread. A script that does not end blocks that thread alone, until it is ended.
 * When the thread itself has to be ended, every client receives the reason. Runs until it is closed.
 */
export async function createEngineThread({
  log = () => {},
  stuckMs = 5_000,
  silentMs = 2 * stuckMs,
  aheadMs = 0,
}: EngineThreadOptions = {}): Promise<EngineThread> {
  const worker = new Worker(new URL("./thread-worker.ts", import.meta.url), {
    workerData: { stuckMs, aheadMs },
    env: {},
  });
  const clients = new Map<number, Client>();
  let outbox: ToThread[] = [];
  let nextId = 0;
  let ended: Error | undefined;
  let crashed: (reason: Error) => void = () => {};
  let askedAt: number | undefined;
  let watchdog: NodeJS.Timeout | undefined;

  function post(message: ToThread): void {
    if (ended) return;
    outbox.push(message);
    // One message per turn, for any number of commands.
    if (outbox.length === 1) {
      queueMicrotask(() => {
        worker.postMessage(outbox);
        outbox = [];
      });
    }
  }

  function receive(message: FromThread): void {
    if (message.type === "data") clients.get(message.id)?.onData(message.chunk);
    else if (message.type === "closed")
      forget(message.id, message.reason === undefined ? undefined : new Error(message.reason));
    else if (message.type === "alive") askedAt = undefined;
    else if (message.type === "log") log(message.line);
    else if (message.type === "crash") crash(message.reason);
  }

  function forget(id: number, reason?: Error): void {
    const client = clients.get(id);
    clients.delete(id);
    client?.onClose(reason);
  }

  function crash(text: string): void {
    if (ended) return;
    const reason = new Error(text);
    end(reason);
    void worker.terminate();
    crashed(reason);
  }

  function end(reason: Error): void {
    ended = reason;
    clearInterval(watchdog);
    for (const id of clients.keys()) forget(id, reason);
  }

  await new Promise<void>((resolve, reject) => {
    worker.on("message", (messages: FromThread[]) => {
      for (const message of messages) {
        if (message.type === "ready") resolve();
        else receive(message);
      }
    });
    worker.on("error", (cause: Error) => {
      reject(cause);
      crash(`The thread of the embedded Valkey failed: ${cause.message}. Its data is lost; start a new one.`);
    });
    worker.on("exit", () => {
      reject(new Error("The thread of the embedded Valkey ended before it was ready."));
      crash("The thread of the embedded Valkey ended. Its data is lost; start a new one.");
    });
  });

  // Only now: a start may take longer.
  watchdog = setInterval(
    () => {
      const now = performance.now();
      if (askedAt === undefined) {
        askedAt = now;
        post({ type: "alive?" });
      } else if (now - askedAt > silentMs) {
        crash(
          `The embedded Valkey did not answer for ${Math.round(silentMs / 1_000)} s, most likely because of a script that ` +
            "does not end, and was stopped. Its data is lost; start a new one.",
        );
      }
    },
    Math.min(500, silentMs / 2),
  ).unref();

  return {
    description: "embedded Valkey 9.1.1",
    setAhead: (ms) => post({ type: "ahead", ms }),
    async connect(): Promise<Connection> {
      if (ended) throw ended;
      const id = nextId++;
      const client: Client = { onData: () => {}, onClose: () => {} };
      clients.set(id, client);
      post({ type: "open", id });
      return {
        write: (chunk) => chunk.length > 0 && clients.has(id) && post({ type: "data", id, chunk }),
        onData: (listener) => void (client.onData = listener),
        onClose(listener) {
          if (clients.has(id)) client.onClose = listener;
          else queueMicrotask(() => listener(ended));
        },
        close() {
          post({ type: "close", id });
          forget(id);
        },
      };
    },
    async close() {
      if (!ended) end(new Error("The embedded Valkey was closed."));
      await worker.terminate();
    },
    onCrash: (listener) => void (crashed = listener),
  };
}
