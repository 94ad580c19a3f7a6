import * as platform from "cloudflare:workers";

// The only file that needs the Workers runtime: Node and other runtimes leave it out.

/** What is used of the platform's tracing. Older runtimes have none of it. */
interface PlatformTracing {
  startActiveSpan?<T>(name: string, work: (span: PlatformSpan) => T): T;
}

interface PlatformSpan {
  setAttribute?(name: string, value: string | number | boolean): unknown;
}

/**
 * Runs work in a span of Cloudflare's traces, where the runtime has them; else runs it as it is. `createWorker` takes it.
 *
 * @see https://developers.cloudflare.com/workers/observability/traces/
 */
export function trace<T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: (set: (name: string, value: string | number | boolean) => void) => T,
): T {
  const tracing: PlatformTracing | undefined = "tracing" in platform ? platform.tracing : undefined;
  if (typeof tracing?.startActiveSpan !== "function") return work(() => {});
  return tracing.startActiveSpan(name, (span) => {
    const set = (key: string, value: string | number | boolean) => void span.setAttribute?.(key, value);
    for (const [key, value] of Object.entries(attributes)) set(key, value);
    return work(set);
  });
}
