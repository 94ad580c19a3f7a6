/** Discord's interactions are a few kilobytes; the largest modal is far below this. */
const maxBytes = 1024 * 1024;

/** The body's bytes exactly as sent, or `undefined` when there are more than 1 MiB of them; reads no further than that. */
export async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const announced = request.headers.get("Content-Length");
  if (announced !== null) {
    if (Number(announced) <= maxBytes) return new Uint8Array(await request.arrayBuffer());
    await request.body?.cancel();
    return undefined;
  }
  return request.body ? readAtMost(request.body) : new Uint8Array();
}

/** For a body of unannounced length. */
async function readAtMost(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
