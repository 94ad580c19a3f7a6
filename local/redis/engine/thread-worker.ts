import { parentPort, workerData } from "node:worker_threads";
import type { Connection } from "../backend.ts";
import { createEngine } from "./engine.ts";
import type { FromThread, ToThread } from "./thread-protocol.ts";

// The worker thread's side of `thread.ts`: the engine and its connections.

if (!parentPort) throw new Error("This file is the entry point of a worker thread. See thread.ts.");
const port = parentPort;
const connections = new Map<number, Promise<Connection>>();
let outbox: FromThread[] = [];

function post(message: FromThread): void {
  outbox.push(message);
  if (outbox.length === 1) queueMicrotask(flush);
}

function flush(): void {
  port.postMessage(outbox);
  outbox = [];
}

const settings = workerData as { stuckMs: number; aheadMs: number };
let aheadMs = settings.aheadMs;

const engine = await createEngine({
  now: () => performance.timeOrigin + performance.now() + aheadMs,
  log: (line) => post({ type: "log", line }),
  stuckMs: settings.stuckMs,
});
engine.onCrash((reason) => {
  post({ type: "crash", reason: reason.message });
  flush();
});

async function open(id: number): Promise<Connection> {
  const connection = await engine.connect();
  connection.onData((chunk) => post({ type: "data", id, chunk }));
  connection.onClose((reason) => {
    connections.delete(id);
    post({ type: "closed", id, ...(reason && { reason: reason.message }) });
  });
  return connection;
}

port.on("message", (messages: ToThread[]) => {
  for (const message of messages) {
    if (message.type === "alive?") post({ type: "alive" });
    else if (message.type === "ahead") aheadMs = message.ms;
    else if (message.type === "open") connections.set(message.id, open(message.id));
    else
      void connections.get(message.id)?.then(
        (connection) => act(connection, message),
        () => {},
      );
  }
});

function act(connection: Connection, message: ToThread & { id: number }): void {
  if (message.type === "data") connection.write(message.chunk);
  else connection.close();
}

post({ type: "ready" });
