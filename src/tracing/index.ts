import * as platform from "cloudflare:workers";

// The only file that needs the Workers runtime: Node and other runtimes leave it out.

/** What is used of the platform's tracing. Runtimes before June 2026 have none of it, those before September no `getActiveSpan`. */
interface PlatformTracing {
  enterSpan?<T>(name: string, work: (span: PlatformSpan) => T): T;
  getActiveSpan?(): PlatformSpan | undefined;
}

interface PlatformSpan {
  readonly isTraced: boolean;
  setAttribute(name: string, value: string | number): unknown;
}

/**
 * Runs work in a span of Cloudflare's traces; as it is where the runtime has none, or where no one records this invocation: a span
 * takes a tenth of the time of an answer. A span ends with its work, with a promise once that settles. `createWorker` takes it.
 *
 * @see https://developers.cloudflare.com/workers/observability/traces/custom-spans/
 */
export function trace<T>(name: string, attributes: Readonly<Record<string, string | number>>, work: () => T): T {
  const tracing: PlatformTracing | undefined = "tracing" in platform ? platform.tracing : undefined;
  if (typeof tracing?.enterSpan !== "function") return work();
  if (typeof tracing.getActiveSpan === "function" && !tracing.getActiveSpan()?.isTraced) return work();
  return tracing.enterSpan(name, (span) => {
    for (const [key, value] of Object.entries(attributes)) span.setAttribute(key, value);
    return work();
  });
}
