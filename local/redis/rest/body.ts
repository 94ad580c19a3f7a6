import type { IncomingMessage } from "node:http";
import { maxCommandBytes, RestError, tooLarge } from "./errors.ts";

/** The limit of 10 MiB is per command, and a pipeline may be larger. This bounds the memory of one request. */
export const maxBodyBytes = 16 * maxCommandBytes;

const empty = Buffer.alloc(0);

/** Returns the whole body, joined once. Reads one that is too large to its end, so that the sender sees the error. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer = empty;
    const more: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      if (bytes === 0) first = chunk;
      else if (bytes <= maxBodyBytes) more.push(chunk);
      bytes += chunk.length;
    });
    request.once("error", reject);
    request.once("end", () => {
      if (bytes > maxBodyBytes) reject(new RestError(413, tooLarge(bytes, maxBodyBytes)));
      else resolve(more.length === 0 ? first : Buffer.concat([first, ...more], bytes));
    });
  });
}
