import type { Backend, Connection } from "../backend.ts";
import { createDecoder } from "./decode.ts";
import { type Argument, encodeCommands } from "./encode.ts";
import type { Reply } from "./reply.ts";

/** A pipelined connection: commands sent together run without others between them, and replies keep their order. */
export interface RespClient {
  /** Writes commands at once and returns one reply for each. Rejects when the connection ends first. */
  send(commands: readonly (readonly Argument[])[]): Promise<Reply[]>;
  /** Closes the client. Pending and later calls of `send` reject with `reason`. */
  close(reason?: Error): void;
}

/** Returns a client that connects at its first `send`, and again at the first `send` after a lost connection. */
export function createRespClient(backend: Pick<Backend, "connect">): RespClient {
  let current: Line | undefined;
  let dialling: Promise<Line> | undefined;
  let closed: Error | undefined;

  async function dial(): Promise<Line> {
    try {
      const connection = await backend.connect();
      const line = createLine(connection, () => {
        if (current === line) current = undefined;
      });
      if (closed) {
        line.end(closed);
        throw closed;
      }
      current = line;
      return line;
    } finally {
      dialling = undefined;
    }
  }

  return {
    send(commands) {
      if (closed) return Promise.reject(closed);
      if (commands.length === 0) return Promise.resolve([]);
      if (current) return current.send(commands);
      dialling ??= dial();
      return dialling.then((line) => line.send(commands));
    },
    close(reason = new Error("The connection to Redis was closed.")) {
      closed ??= reason;
      current?.end(closed);
    },
  };
}

// --- Internal helpers ---

interface Waiting {
  count: number;
  replies: Reply[];
  resolve(replies: Reply[]): void;
  reject(reason: Error): void;
}

type Line = ReturnType<typeof createLine>;

function createLine(connection: Connection, onEnd: () => void) {
  let waiting: Waiting[] = [];
  /** The index of the first unanswered entry of `waiting`: shifting the array for every reply would cost its length. */
  let head = 0;
  let ended: Error | undefined;

  function settle(reply: Reply): void {
    const first = waiting[head];
    if (!first) return;
    first.replies.push(reply);
    if (first.replies.length < first.count) return;
    head += 1;
    if (head === waiting.length || head === 1_024) {
      waiting = waiting.slice(head);
      head = 0;
    }
    first.resolve(first.replies);
  }

  function end(reason: Error): void {
    if (ended) return;
    ended = reason;
    onEnd();
    connection.close();
    for (const { reject } of waiting.slice(head)) reject(reason);
    waiting = [];
    head = 0;
  }

  const decode = createDecoder(settle);
  connection.onData((chunk) => {
    try {
      decode(chunk);
    } catch (cause) {
      end(new Error("The server did not answer in RESP2. Is it a Redis?", { cause }));
    }
  });
  connection.onClose((reason) => end(reason ?? new Error("Redis closed the connection before it answered.")));

  return {
    end,
    send: (commands: readonly (readonly Argument[])[]) =>
      new Promise<Reply[]>((resolve, reject) => {
        if (ended) return reject(ended);
        // Queued before the write: an engine in this process may answer during it.
        waiting.push({ count: commands.length, replies: [], resolve, reject });
        connection.write(encodeCommands(commands));
      }),
  };
}
