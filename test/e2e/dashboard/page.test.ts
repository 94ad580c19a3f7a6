import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { busyFleet } from "../../../local/pictures/busy-fleet.ts";
import { createEngine, createRedisRestServer } from "../../../local/redis/index.ts";
import { features } from "../../../src/bot/features.ts";
import { writeJob } from "../../../src/jobs/job.ts";
import { createKeys } from "../../../src/jobs/keys.ts";
import { createConnection, createRedisState } from "../../../src/redis/index.ts";
import { adminServicesOf } from "../../../src/runtime/admin-services.ts";
import { readConfig } from "../../../src/runtime/config.ts";
import { createInvocation } from "../../../src/runtime/create-invocation.ts";
import { indexFeatures } from "../../../src/runtime/index.ts";
import { createIsolate } from "../../../src/runtime/isolate.ts";
import { createConsoleApp } from "../../../src/web/dashboard/console-app.tsx";
import type { FleetStatus } from "../../../src/web/status/fleet-status.ts";
import { chromiumPath, expectAccessibleInBothSchemes, startBrowser } from "../playground/browser.ts";
import { addDeadJobs, addDeadLetters, adminToken } from "./world.ts";

// The pages of a fleet that is given, over real lists in Redis.

let url: string;
let cookie: string;
/** The fleet that the overview shows; undefined for the one that Redis holds. */
let fleet: FleetStatus | undefined = busyFleet(50);
let stop = async () => {};

beforeAll(async () => {
  const token = "page-token";
  const server = await createRedisRestServer({ backend: await createEngine(), token });
  const isolate = createIsolate();
  const index = indexFeatures(features);
  const { config } = readConfig({
    DISCORD_APPLICATION_ID: "1100000000000000001",
    DISCORD_PUBLIC_KEY: "0".repeat(64),
    UPSTASH_REDIS_REST_URL: server.url,
    UPSTASH_REDIS_REST_TOKEN: token,
    ADMIN_TOKEN: adminToken,
    DISCORD_API_URL: "http://127.0.0.1:9/api/v10",
  });
  if (!config) throw new Error("The bindings of this test are wrong.");
  const app = createConsoleApp();
  const web = serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const invocation = createInvocation({ isolate, config, features: index, waitUntil: () => {} });
      return app.fetch(request, {
        ...adminServicesOf(invocation, index),
        status: async () => fleet ?? (await invocation.fleet()).status,
      });
    },
  });
  await new Promise<void>((resolve) => web.once("listening", resolve));
  const address = web.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const { commands } = createConnection({ url: server.url, token, state: createRedisState(), timeoutMs: 20_000 });
  const owner = "1100000000000000011";
  const data = { about: "the kettle, and the biscuits" };
  const jobs = Array.from({ length: 10_000 }, (_, at) => ({
    id: `job-${at}`,
    kind: "remind",
    owner,
    data,
    dueAt: Date.now() + at * 60_000,
    attempts: 0,
    createdAt: Date.now(),
  }));
  const keys = createKeys("sp:");
  // Each of them through `schedule` would take most of this file's time.
  await commands.hset(keys.records, Object.fromEntries(jobs.map((job) => [job.id, writeJob(job)])));
  for (const key of [keys.due, keys.owned(owner)])
    await commands.exec(["ZADD", key, ...jobs.flatMap(({ id, dueAt }) => [dueAt, id])]);
  await addDeadLetters({ redis: commands }, 1_000);
  await addDeadJobs({ redis: commands }, 60);
  const login = await fetch(`${url}/admin/login`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: url },
    body: new URLSearchParams({ token: adminToken }),
  });
  cookie = login.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  stop = async () => {
    web.close();
    await server.close();
  };
});
afterAll(() => stop());

describe("with 50 instances, 10,000 jobs and 1,000 dead letters", () => {
  it.each(["", "/jobs", "/dead-jobs", "/dead-letters", "/dead-letters?group=feeds"])(
    "the page /admin%s has less than 100 kB and takes less than 300 ms",
    async (path) => {
      const get = () => fetch(`${url}/admin${path}`, { headers: { Cookie: cookie } });
      await (await get()).text();
      const startedAt = performance.now();
      const response = await get();
      const page = await response.text();
      const took = performance.now() - startedAt;
      process.stderr.write(`/admin${path}: ${page.length} characters, ${Math.round(took)} ms\n`);
      expect(response.status).toBe(200);
      expect(new TextEncoder().encode(page).length).toBeLessThan(100_000);
      expect(took).toBeLessThan(300);
      // The policy would refuse them.
      expect(page).not.toMatch(/ style="|<style|<script>| on\w+="/);
    },
  );

  it("the overview takes less than 300 ms with what it reads from Redis", async () => {
    fleet = undefined;
    const get = async () => (await fetch(`${url}/admin`, { headers: { Cookie: cookie } })).text();
    await get();
    const startedAt = performance.now();
    const page = await get();
    const took = performance.now() - startedAt;
    fleet = busyFleet(50);
    process.stderr.write(`read from Redis: ${page.length} characters, ${Math.round(took)} ms\n`);
    expect(page).toContain("All 10,000 jobs");
    expect(took).toBeLessThan(300);
  });

  it("charts have one path of at most 120 points", async () => {
    const page = await (await fetch(`${url}/admin`, { headers: { Cookie: cookie } })).text();
    const paths = [...page.matchAll(/<path d="([^"]+)"/g)].map(([, path = ""]) => path.split("L").length);
    expect(paths).toEqual([60, 60]);
  });
});

describe.runIf(chromiumPath !== undefined)("in a browser", () => {
  const { open } = startBrowser();

  it.each([1_280, 380])(
    "the overview is clean in light and dark at %i pixels, and needs no scrolling sideways",
    async (width) => {
      fleet = busyFleet();
      const { page, complaints } = await open(`${url}/admin`, { viewport: { width, height: 860 } });
      await page.getByLabel("Admin token").fill(adminToken);
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("heading", { name: "What needs a hand" }).waitFor();
      await expectAccessibleInBothSchemes(page);
      for (const path of ["", "/jobs", "/dead-letters"]) {
        await page.goto(`${url}/admin${path}`);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
      // The stream of events is the Worker's, not this server's.
      expect(complaints.filter((line) => !/401|404|EventSource/.test(line))).toEqual([]);
    },
  );
});
