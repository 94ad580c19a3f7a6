import type { IncomingMessage } from "node:http";
import { maxCommandBytes, RestError, tooLarge } from "./errors.ts";

/** The 10 MiB limit is per command, so a pipeline may be larger; this bounds what one request keeps in memory. */
export const maxBodyBytes = 16 * maxCommandBytes;

const empty = Buffer.alloc(0);

/** The whole body, joined once. A body that is too large is read to its end all the same, so that its sender hears why. */
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
