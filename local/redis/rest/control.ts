import type { Database } from "./database.ts";
import { RestError } from "./errors.ts";
import { parseFaults } from "./faults.ts";

/**
 * Serves the routes that Upstash does not have: `/-/counters` for the database's counters, `/-/faults` for faults.
 * Returns the JSON of the answer; throws a `RestError`. These requests are not counted, and no fault applies to them.
 */
export function control(
  { bill, faults }: Database,
  { method, path, body, hasFaults }: { method: string; path: string; body: Buffer; hasFaults: boolean },
): string {
  switch (`${method} ${path}`) {
    case "GET /-/counters":
      return JSON.stringify(bill.counters());
    case "POST /-/counters/reset":
      bill.reset();
      return JSON.stringify(bill.counters());
    case "PUT /-/faults":
    case "DELETE /-/faults":
      if (!hasFaults) throw new RestError(404, "ERR faults are off: start the server with --faults");
      faults.set(method === "PUT" ? parseFaults(body) : []);
      return "{}";
    default:
      throw new RestError(404, `ERR there is no route ${method} ${path}`);
  }
}
