import { expect, inject } from "vitest";
import { createPatience } from "./patience.ts";
import "./provided.ts";

/** The counters of the REST server: HTTP requests, and commands as Upstash bills them. */
export interface Counters {
  requests: number;
  commands: number;
  byCommand: Record<string, number>;
}

/** A fault between client and database: see `local/redis/rest/faults.ts`. */
export interface Fault {
  at: "before" | "after";
  do: "drop" | "stall" | "status";
  ms?: number;
  status?: number;
  times?: number;
  skip?: number;
  match?: string;
}

/** Returns an empty database on the real engine, over HTTP. */
export function createDatabase() {
  const url = inject("redisUrl");
  // The server closes the databases of a file when its worker opens one for the next.
  const file = encodeURIComponent(expect.getState().testPath ?? "");
  const token = `db:${process.env["VITEST_POOL_ID"]}:${file}:${crypto.randomUUID()}`;

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/-/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /-/${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Runs a command past the connection under test. */
  async function raw(...command: (string | number)[]): Promise<unknown> {
    const response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify(command),
    });
    const body: { result?: unknown; error?: string } = await response.json();
    if (body.error !== undefined) throw new Error(body.error);
    return body.result;
  }

  const patience = createPatience(url);

  const counters = async () => (await control("GET", "counters")) as Counters;

  return {
    url,
    token,
    counters,
    /** Returns the requests and billed commands that `operation` costs. */
    async cost(operation: () => Promise<unknown>): Promise<Record<string, number>> {
      await control("POST", "counters/reset");
      await operation();
      const { requests, byCommand } = await counters();
      return { requests, ...byCommand };
    },
    async break(...faults: Fault[]): Promise<void> {
      patience.end();
      await control("PUT", "faults", faults);
    },
    /** Every answer takes `ms` milliseconds, as on a machine that is busy. */
    slow: (ms: number) => control("PUT", "faults", [{ at: "after", do: "stall", ms }] satisfies Fault[]),
    async mend(): Promise<void> {
      await control("DELETE", "faults");
      patience.begin();
    },
    /** For connections under test: no timeout ends while the database has a request to answer, unless it is broken. */
    clock: patience.clock,
    fetch: patience.fetch,
    /** Returns the server's time in epoch milliseconds, to compare with `PEXPIRETIME`. */
    async serverTime(): Promise<number> {
      const [seconds, microseconds] = (await raw("TIME")) as [string, string];
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    },
    raw,
  };
}

export type Database = ReturnType<typeof createDatabase>;
