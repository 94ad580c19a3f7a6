import type { IncomingMessage } from "node:http";
import { maxBytes, RestError, tooLarge } from "./errors.ts";

/** A pipeline may be larger than one command; this bounds what the server keeps in memory. */
const maxBodyBytes = 16 * maxBytes;

export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
    });
    request.once("error", reject);
    request.once("end", () => {
      if (size > maxBodyBytes) reject(new RestError(413, tooLarge(size)));
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
  });
}
