import { connect } from "node:net";

/**
 * Makes a function that sends one request again and again over one connection, and resolves when its answer is complete. It does as
 * little as a client of RESP does: a comparison with one measures the server, not Node's own client, which takes longer than both.
 */
export function createThinClient(url: string, token: string, body: Buffer) {
  const { hostname, port, host, pathname } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let awaited = { resolve: () => {}, reject: (_reason: Error) => {} };
  /** The bytes of the answer that have not come; undefined before its head has. */
  let missing: number | undefined;

  socket.on("data", (chunk) => {
    missing = (missing ?? lengthOf(chunk)) - chunk.length;
    if (missing > 0) return;
    missing = undefined;
    awaited.resolve();
  });
  socket.on("error", (reason) => awaited.reject(reason));

  return {
    send: () =>
      new Promise<void>((resolve, reject) => {
        awaited = { resolve, reject };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

// --- Internal helpers ---

/** The length of an answer, its head included, which comes in one piece. */
function lengthOf(chunk: Buffer): number {
  const end = chunk.indexOf("\r\n\r\n");
  const [, status, length] =
    /^HTTP\/1.1 (\d+)[^]*\r\ncontent-length: (\d+)/i.exec(chunk.toString("latin1", 0, end)) ?? [];
  if (status !== "200" || length === undefined) throw new Error(`not an answer: ${chunk.toString("latin1", 0, 100)}`);
  return end + 4 + Number(length);
}
