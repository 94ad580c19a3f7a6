import type { Backend, Connection } from "../backend.ts";
import { createDecoder } from "./decode.ts";
import { type Argument, encodeCommands } from "./encode.ts";
import type { Reply } from "./reply.ts";

/** One pipelined connection: commands given at once arrive contiguously, replies come back in order. */
export interface RespClient {
  /** Sends commands in one piece and resolves with one reply each. Rejects when the connection is lost. */
  send(commands: readonly (readonly Argument[])[]): Promise<Reply[]>;
  close(): void;
}

interface Pending {
  replies: Reply[];
  count: number;
  resolve(replies: Reply[]): void;
  reject(reason: Error): void;
}

/** Opens a connection of its own, for whoever must not share: blocking commands above all. */
export async function connectClient(backend: Backend): Promise<RespClient & { readonly isOpen: boolean }> {
  return wrap(await backend.connect());
}

/** A client that opens its connection when first used, and again after it was lost. */
export function createReconnectingClient(backend: Backend): RespClient {
  let current: ReturnType<typeof connectClient> | undefined;
  let isClosed = false;

  async function connected(): Promise<RespClient> {
    for (;;) {
      if (isClosed) throw new Error("The Redis REST server is closed.");
      const attempt = (current ??= connectClient(backend));
      const client = await attempt.catch((reason: unknown) => {
        if (current === attempt) current = undefined;
        throw reason;
      });
      if (client.isOpen) return client;
      if (current === attempt) current = undefined;
    }
  }

  return {
    send: async (commands) => (await connected()).send(commands),
    close() {
      isClosed = true;
      void current?.then(
        (client) => client.close(),
        () => {},
      );
    },
  };
}

/** Every reply of a connection as it comes, for subscriptions and MONITOR. */
export async function connectStream(
  backend: Backend,
  command: readonly Argument[],
  onReply: (reply: Reply) => void,
  onClose: (reason?: Error) => void,
): Promise<() => void> {
  const connection = await backend.connect();
  connection.onData(createDecoder(onReply));
  connection.onClose(onClose);
  connection.write(encodeCommands([command]));
  return () => connection.close();
}

function wrap(connection: Connection): RespClient & { readonly isOpen: boolean } {
  const pending: Pending[] = [];
  let lost: Error | undefined;

  const decode = createDecoder((reply) => {
    const head = pending[0];
    if (!head) return;
    head.replies.push(reply);
    if (head.replies.length < head.count) return;
    pending.shift();
    head.resolve(head.replies);
  });

  connection.onData((chunk) => {
    try {
      decode(chunk);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
      connection.close();
    }
  });
  connection.onClose((reason) => fail(reason ?? new Error("Redis closed the connection.")));

  function fail(reason: Error): void {
    lost ??= reason;
    for (const { reject } of pending.splice(0)) reject(lost);
  }

  return {
    get isOpen() {
      return lost === undefined;
    },
    send: (commands) =>
      new Promise((resolve, reject) => {
        if (lost) return reject(lost);
        if (commands.length === 0) return resolve([]);
        pending.push({ replies: [], count: commands.length, resolve, reject });
        connection.write(encodeCommands(commands));
      }),
    close: () => connection.close(),
  };
}
