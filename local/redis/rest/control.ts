import type { Database } from "./database.ts";
import { RestError } from "./errors.ts";
import { parseFaults } from "./faults.ts";

/**
 * What Upstash does not have: `/-/counters` says what was asked of the database, `/-/faults` breaks the wire. Returns the
 * JSON to answer with. Not counted, and no fault strikes here.
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
      if (!hasFaults) throw new RestError(404, "ERR faults are off: the server has to be started with them");
      faults.set(method === "PUT" ? parseFaults(body) : []);
      return "{}";
    default:
      throw new RestError(404, `ERR there is nothing at ${method} ${path}`);
  }
}
