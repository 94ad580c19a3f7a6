import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildId } from "../../../../local/deployment/build-id.ts";
import type { HealthReading } from "../../../../local/deployment/health.ts";
import { version, worker } from "../../../../local/doctor/worker.ts";
import { createFolder } from "../deployment/support.ts";
import { factsOf, healthOf } from "./support.ts";

const workerUrl = "https://bot.test";

it.each<[string, HealthReading | undefined, object]>([
  ["well", healthOf(), { is: "right", text: `${workerUrl}/health says that all is well` }],
  ["well with Redis", healthOf({ redis: { ok: true } }), { is: "right" }],
  ["not known", undefined, { is: "unknown", text: expect.stringContaining("give --url") }],
  [
    "unreachable",
    { is: "unreachable", reason: "fetch failed" },
    { is: "wrong", text: `${workerUrl}/health does not answer: fetch failed`, cure: "npm run deploy" },
  ],
  [
    "another program",
    { is: "strange", status: 404, text: "none" },
    { is: "wrong", text: `${workerUrl}/health answers HTTP 404 "none": not this bot`, cure: "npm run deploy" },
  ],
  [
    "not configured",
    healthOf({ ok: false, error: "X is missing." }),
    { is: "wrong", text: `${workerUrl}/health says: X is missing.`, cure: "npm run setup" },
  ],
  [
    "without its Redis",
    healthOf({ ok: false, redis: { ok: false, reason: "timeout" } }),
    { is: "wrong", text: "the Worker does not reach Redis: timeout", cure: "npm run setup" },
  ],
])("judges a Worker that is %s", async (_, health, finding) => {
  expect(await worker.run(factsOf({ workerUrl, ...(health && { health }) }))).toMatchObject(finding);
});

function createCheckout(): string {
  const root = createFolder();
  mkdirSync(join(root, "src"));
  return root;
}

it("compares the Worker's version with this checkout", async () => {
  const root = createCheckout();
  const own = buildId(root);
  const run = (health?: HealthReading) => version.run(factsOf({ root, ...(health && { health }) }));
  const of = (tag: string, timestamp = "2026-06-01") => healthOf({ version: { id: "1", tag, timestamp } });
  expect(await run(of(own))).toEqual({ is: "right", text: `${own} of 2026-06-01, as this checkout` });
  expect(await run(of(own, ""))).toEqual({ is: "right", text: `${own}, as this checkout` });
  expect(await run(of("other"))).toEqual({
    is: "wrong",
    text: `the Worker is other of 2026-06-01, this checkout ${own}`,
    cure: "npm run deploy",
  });
  expect(await run(of(""))).toMatchObject({ is: "unknown", text: expect.stringContaining("without a tag") });
  expect(await run(healthOf())).toMatchObject({ is: "unknown", text: expect.stringContaining("at Cloudflare") });
  expect(await run()).toMatchObject({ is: "unknown", text: expect.stringContaining("give --url") });
  expect(await run({ is: "unreachable", reason: "no" })).toEqual({
    is: "unknown",
    text: "the Worker does not tell",
  });
});
