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
      const line = createLine(connection, () => (current = undefined));
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

/** A request without all of its replies, and the one behind it. */
interface Waiting {
  count: number;
  replies: Reply[];
  resolve(replies: Reply[]): void;
  reject(reason: Error): void;
  next?: Waiting;
}

type Line = ReturnType<typeof createLine>;

function createLine(connection: Connection, onEnd: () => void) {
  // A list of links: shifting an array for every reply would cost its length.
  let first: Waiting | undefined;
  let last: Pick<Waiting, "next"> = {};
  let ended: Error | undefined;

  function settle(reply: Reply): void {
    if (!first) return;
    const { replies, count, resolve } = first;
    replies.push(reply);
    if (replies.length < count) return;
    first = first.next;
    resolve(replies);
  }

  function end(reason: Error): void {
    if (ended) return;
    ended = reason;
    onEnd();
    connection.close();
    for (let one = first; one; one = one.next) one.reject(reason);
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
        const waiting: Waiting = { count: commands.length, replies: [], resolve, reject };
        first ??= waiting;
        last.next = waiting;
        last = waiting;
        connection.write(encodeCommands(commands));
      }),
  };
}
