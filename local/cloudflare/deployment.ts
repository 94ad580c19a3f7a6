import { randomUUID } from "node:crypto";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Upload } from "./upload.ts";

/** An uploaded Worker that runs. */
export interface Deployment {
  readonly id: string;
  readonly upload: Upload;
  fetch(request: Request): Promise<Response>;
  /** Fires the cron. Resolves when the tick is over, or the Worker has ended. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** Runs an uploaded Worker in workerd, on 127.0.0.1. */
export async function startDeployment(upload: Upload): Promise<Deployment> {
  const id = randomUUID();
  const version = { id, tag: upload.tag, timestamp: new Date().toISOString() };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      unsafeTriggerHandlers: true,
      handleStructuredLogs() {},
      workers: [
        {
          name: "worker",
          modules: [...upload.modules]
            // The main module comes first.
            .toSorted(([a], [b]) => Number(b === upload.mainModule) - Number(a === upload.mainModule))
            .map(([path, contents]) => ({ type: "ESModule" as const, path, contents })),
          compatibilityDate: upload.compatibilityDate,
          compatibilityFlags: [...upload.compatibilityFlags],
          bindings: { ...upload.bindings, ...(upload.versionBinding && { [upload.versionBinding]: version }) },
        },
      ],
    }),
  );
  const origin = (await miniflare.ready).origin;
  return {
    id,
    upload,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const hasBody = request.method !== "GET" && request.method !== "HEAD";
      const response = await fetch(`${origin}${pathname}${search}`, {
        method: request.method,
        headers: request.headers,
        redirect: "manual",
        ...(hasBody && { body: await request.arrayBuffer() }),
      });
      const headers = new Headers(response.headers);
      // The body is whole and unpacked by now.
      for (const name of ["Content-Encoding", "Content-Length", "Transfer-Encoding"]) headers.delete(name);
      const body = await response.arrayBuffer();
      return new Response(body.byteLength > 0 ? body : null, { status: response.status, headers });
    },
    async tick() {
      const response = await fetch(`${origin}/cdn-cgi/local/scheduled?cron=*+*+*+*+*&time=${Date.now()}`).catch(
        () => undefined,
      );
      await response?.body?.cancel();
    },
    close: () => miniflare.dispose(),
  };
}
