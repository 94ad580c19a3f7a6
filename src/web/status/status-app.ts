import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono/tiny";
import type { Ledger } from "../../metrics/index.ts";
import type { FleetStatus } from "./fleet-status.ts";
import { prometheusType, writePrometheus } from "./prometheus.ts";

export interface StatusOptions {
  /** Lets a request pass, or answers it. */
  guard: MiddlewareHandler;
  /** Returns the fleet's status, and the sums that it was read from. */
  read(c: Context): Promise<{ status: FleetStatus; ledger: Ledger | null }>;
  /** Returns the version of the Worker, where the platform says it. Default: "unknown". */
  version?(c: Context): string | undefined;
}

/**
 * Makes `GET /status`, the fleet as JSON, and `GET /metrics`, its counters and histograms for Prometheus.
 *
 * @example
 * app.route("/admin/api", createStatusApp({ guard: admin(tokenOf), read: (c) => c.var.services.fleet() }));
 *
 * Cost: that of `readFleetStatus`.
 */
export function createStatusApp({ guard, read, version }: StatusOptions): Hono {
  const app = new Hono();
  app.get("/status", guard, async (c) => c.json((await read(c)).status, 200, noStore));
  app.get("/metrics", guard, async (c) => {
    const { status, ledger } = await read(c);
    return c.body(writePrometheus(status, ledger, version?.(c) ?? "unknown"), 200, {
      ...noStore,
      "Content-Type": prometheusType,
    });
  });
  return app;
}

// --- Internal helpers ---

const noStore = { "Cache-Control": "no-store" };
