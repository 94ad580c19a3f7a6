import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The live logs of Workers: WebSockets over which `wrangler tail` hears of each request. */
export interface Tails {
  /** Returns the ID of a new tail, whose address ends with it. */
  create(): string;
  remove(id: string): void;
  /** Takes a connection to a tail; any other is refused. */
  connect(request: IncomingMessage, socket: Duplex): void;
  /** Tells an event to all who listen. */
  tell(event: object): void;
  close(): void;
}

/** https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const handshake = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 };

export function createTails(): Tails {
  const ids = new Set<string>();
  const sockets = new Map<Duplex, string>();

  function answer(socket: Duplex, data: Buffer): void {
    // A client's frames are masked, and these are short: a greeting, and a ping every ten seconds.
    for (let at = 0; at + 6 <= data.length; ) {
      const opcode = (data[at] ?? 0) & 0x0f;
      const length = (data[at + 1] ?? 0) & 0x7f;
      const mask = data.subarray(at + 2, at + 6);
      const payload = data.subarray(at + 6, at + 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
      if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, Buffer.from(payload)));
      if (opcode === opcodes.close) socket.end(frame(opcodes.close, Buffer.from(payload)));
      at += 6 + length;
    }
  }

  return {
    create() {
      const id = randomUUID();
      ids.add(id);
      return id;
    },
    remove: (id) => void ids.delete(id),
    connect(request, socket) {
      const id = request.url?.split("/").at(-1) ?? "";
      if (!ids.has(id)) return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
      const key = `${request.headers["sec-websocket-key"]}${handshake}`;
      socket.write(
        [
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
          "Sec-WebSocket-Protocol: trace-v1",
          "\r\n",
        ].join("\r\n"),
      );
      sockets.set(socket, id);
      socket.on("data", (data: Buffer) => answer(socket, data));
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    },
    tell(event) {
      const message = frame(opcodes.text, Buffer.from(JSON.stringify(event)));
      for (const socket of sockets.keys()) socket.write(message);
    },
    close() {
      for (const socket of sockets.keys()) socket.destroy();
    },
  };
}

// --- Internal helpers ---

/** Returns a whole, unmasked frame of up to 64 KiB. */
function frame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4);
  head[0] = 0x80 | opcode;
  head[1] = payload.length < 126 ? payload.length : 126;
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
