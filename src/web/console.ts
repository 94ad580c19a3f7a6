import type { ExecutionContext } from "hono";
import type { AdminServices } from "./services.ts";

/** The pages and actions under `/admin`, as one `fetch`. */
export type Console = (request: Request, services: AdminServices, context: ExecutionContext) => Promise<Response>;

/**
 * Returns the console of an isolate. Its code is evaluated with its first request: most isolates answer Discord alone.
 * Cost: the pages'.
 */
export function createConsole(): Console {
  let app: { fetch(...request: Parameters<Console>): Response | Promise<Response> } | undefined;
  return async function console(request, services, context) {
    const { createConsoleApp } = await import("./dashboard/console-app.tsx");
    app ??= createConsoleApp();
    return app.fetch(request, services, context);
  };
}

/** Returns whether a request comes from a login, and may do what it asks. Cost: 1 command, 1 round trip; 0 without a cookie. */
export async function isLoggedIn(request: Request, services: AdminServices): Promise<boolean> {
  if (!request.headers.has("Cookie")) return false;
  const { mayUseApi } = await import("./actions/api.ts");
  return mayUseApi(request, services);
}
