/**
 * Returns a request's body exactly as it was sent, or `undefined` when it has more than `maxBytes` bytes. Reads no further
 * than that, whatever length the request announces.
 */
export async function readLimited(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const announced = request.headers.get("Content-Length");
  if (announced !== null) {
    if (Number(announced) <= maxBytes) return new Uint8Array(await request.arrayBuffer());
    await request.body?.cancel();
    return undefined;
  }
  return request.body ? readAtMost(request.body, maxBytes) : new Uint8Array();
}

// --- Internal helpers ---

/** For a body of unannounced length. */
async function readAtMost(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
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
