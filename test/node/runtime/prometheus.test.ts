import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import type { World } from "../../../local/kit/world.ts";
import { minute, openWorld, second } from "./support.ts";

const token = "metrics-admin-token-of-24-characters";

async function metricsOf({ run, fetch }: World): Promise<string> {
  const response = await run(fetch("/admin/api/metrics", { headers: { Authorization: `Bearer ${token}` } }));
  expect([response.status, response.headers.get("Content-Type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  return response.text();
}

/** Returns the samples of counters and of histograms, by name and labels. */
function countersIn(text: string): Map<string, number> {
  const samples = [...text.matchAll(/^(\S+(?:_total|_bucket|_count|_sum)(?:\{.*\})?) (\S+)$/gm)];
  return new Map(samples.map(([, name = "", value]) => [name, Number(value)]));
}

async function use({ run, discord, pass }: World): Promise<void> {
  await run(discord.command("/whois person:@grace.h"));
  await run(discord.command("/remind me about:tea in:1m"));
  await run(discord.command("/feed follow topic:releases", { user: "grace.h" }));
  await pass(2 * minute);
}

it("writes metrics that promtool takes without a remark", async (context) => {
  const world = await openWorld({ env: { ADMIN_TOKEN: token } });
  await use(world);
  const text = await metricsOf(world);
  const { error, status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: text,
    encoding: "utf8",
  });
  if (error) {
    process.stderr.write(
      "NOT CHECKED: promtool is missing. Install Debian's package prometheus: apt-get install prometheus\n",
    );
    return context.skip("promtool is missing: apt-get install prometheus");
  }
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

it("writes one sample for each command, cause and bucket, and no id", async () => {
  const world = await openWorld({ env: { ADMIN_TOKEN: token } });
  await use(world);
  const text = await metricsOf(world);
  expect(text).toContain('sandpiper_interactions_total{command="/whois",kind="command",outcome="ok"} 1\n');
  expect(text).toContain("# TYPE sandpiper_interaction_duration_seconds histogram\n");
  expect(text).toMatch(
    /sandpiper_interaction_duration_seconds_bucket\{command="\/whois",kind="command",le="\+Inf"\} 1\n/,
  );
  expect(text).toMatch(/sandpiper_redis_commands_total\{cause="interactions"\} [1-9]/);
  expect(text).toContain('sandpiper_job_runs_total{kind="remind",outcome="done"} 1\n');
  expect(text).toContain('sandpiper_build_info{version="');
  expect(text).not.toMatch(/\d{17}/);
});

it("writes counters that never go back, whichever isolate answers", async () => {
  const world = await openWorld({ isolates: 2, env: { ADMIN_TOKEN: token } });
  let before = new Map<string, number>();
  for (let round = 0; round < 6; round++) {
    await world.run(world.discord.command("/session list"));
    if (round === 3) world.kill(0);
    const now = countersIn(await metricsOf(world));
    for (const [name, value] of before) expect(now.get(name), name).toBeGreaterThanOrEqual(value);
    before = now;
    await world.pass(15 * second);
  }
  expect(before.size).toBeGreaterThan(10);
});
