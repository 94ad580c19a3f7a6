import { lazy } from "../platform/index.ts";
import { mayUseApi } from "./actions/api.ts";
import { createConsoleApp } from "./dashboard/console-app.tsx";
import type { Dashboard } from "./services.ts";

/**
 * Makes the dashboard of an isolate: the pages under `/admin`, their logins, and the actions and lists of the API. Its routes are
 * made with its first request, since most isolates answer Discord alone. It is a second entry of this part: what does not import it
 * carries none of it, and Node, which cannot load JSX, runs the rest.
 *
 * @example
 * export default createWorker({ features, dashboard });
 */
export function dashboard(): Dashboard {
  const app = lazy(createConsoleApp);
  return {
    fetch: async (request, services, context) => app().fetch(request, services, context),
    async isLoggedIn(request, services) {
      return request.headers.has("Cookie") && mayUseApi(request, services);
    },
  };
}
