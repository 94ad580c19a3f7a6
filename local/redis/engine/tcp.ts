import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Backend, Connection } from "../backend.ts";
import { encodeCommand } from "../resp/encode.ts";

export interface TcpBackendOptions {
  /** `redis://[user:password@]host[:port]` or `rediss://…`; database 0, the only one Upstash has. */
  url: string;
}

/** Returns a backend for a Redis or Valkey over TCP or TLS. Connections are authenticated before they are returned. */
export function createTcpBackend({ url: text }: TcpBackendOptions): Backend {
  const url = parseRedisUrl(text);
  const address = `${url.protocol}//${url.hostname}:${url.port || 6_379}`;
  const open = new Set<Socket>();

  async function dial(): Promise<Socket> {
    const target = { host: url.hostname, port: Number(url.port || 6_379) };
    const socket =
      url.protocol === "rediss:" ? connectTls({ ...target, servername: url.hostname }) : connectTcp(target);
    socket.setNoDelay(true);
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    await new Promise<void>((resolve, reject) => {
      socket.once(url.protocol === "rediss:" ? "secureConnect" : "connect", resolve);
      socket.once("error", (cause: NodeJS.ErrnoException) =>
        reject(new Error(`Cannot reach Redis at ${address}: ${cause.code ?? cause.message}. Is it running?`)),
      );
    });
    return socket;
  }

  async function authenticate(socket: Socket): Promise<void> {
    if (!url.password) return;
    const credentials = [url.username, url.password].filter(Boolean).map(decodeURIComponent);
    socket.write(encodeCommand(["AUTH", ...credentials]));
    const answer = await new Promise<string>((resolve) =>
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString("latin1"))),
    );
    if (!answer.startsWith("+OK"))
      throw new Error(`Redis at ${address} refused the password: ${answer.slice(1).trim()}`);
  }

  return {
    description: address,
    async connect(): Promise<Connection> {
      const socket = await dial();
      await authenticate(socket);
      let failure: Error | undefined;
      socket.on("error", (cause) => {
        failure = new Error(`The connection to Redis at ${address} was lost: ${cause.message}`);
      });
      return {
        write: (bytes) => void socket.write(bytes),
        onData: (listener) => void socket.on("data", listener),
        onClose: (listener) => void socket.once("close", () => listener(failure)),
        close: () => void socket.destroy(),
      };
    },
    async close() {
      for (const socket of open) socket.destroy();
    },
    // A remote server may restart, and the next connection then reaches it.
    onCrash: () => {},
  };
}

/** Returns the address of a Redis. Throws a sentence for anything else, without the text, which may hold a password. */
export function parseRedisUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    throw new Error("A Redis address looks like redis://127.0.0.1:6379 or rediss://user:password@host:6379.");
  }
  if (!/^\/?0?$/.test(url.pathname)) {
    throw new Error("Upstash has database 0 only: leave the number out of the Redis address.");
  }
  return url;
}
