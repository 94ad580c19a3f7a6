import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./body.ts";
import type { Database } from "./database.ts";
import { RestError } from "./errors.ts";
import { parseFaults } from "./faults.ts";

/** What Upstash has not: `/-/counters` says what operations cost, `/-/faults` breaks the wire. Neither is counted. */
export async function serveControl(
  { bill, faults }: Database,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  faultsAllowed: boolean,
): Promise<void> {
  const json = (body: unknown) =>
    void response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  switch (`${request.method} ${path.replace(/\?.*/, "")}`) {
    case "GET /-/counters":
      return json(bill.counters());
    case "POST /-/counters/reset":
      bill.reset();
      return json(bill.counters());
    case "PUT /-/faults":
    case "DELETE /-/faults":
      if (!faultsAllowed) throw new RestError(404, "ERR faults are off: start the server with them");
      faults.set(request.method === "PUT" ? parseFaults(await readBody(request)) : []);
      return json({});
    default:
      throw new RestError(404, `ERR there is nothing at ${request.method} ${path}`);
  }
}
