import { afterEach, expect, it, vi } from "vitest";
import { openWorld } from "./support.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/** Records every line that the Worker logs. */
function recordLog(): string[] {
  const lines: string[] = [];
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation(
      (...values: unknown[]) => void lines.push(values.map(String).join(" ")),
    );
  }
  return lines;
}

afterEach(() => void vi.restoreAllMocks());

it("logs each interaction as one object, with its command, times, Redis commands and reference", async () => {
  const lines = recordLog();
  const world = await openWorld({ env: { LOG_LEVEL: "info" } });
  await world.run(world.discord.command("/ping"));
  await world.run(world.discord.command("/session list"));
  await world.breakRedis({ at: "before", do: "status", status: 500 });
  await world.run(world.discord.command("/remind list"));
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const [ping, list, failed, ...more] = events.filter(({ event }) => event === "interaction");
  expect(more).toEqual([]);
  expect(ping).toMatchObject({ level: "info", command: "/ping", kind: "command", outcome: "ok", redisCommands: 1 });
  expect(ping?.["interaction"]).toMatch(/^\d{17,20}$/);
  expect(Object.keys(list ?? {})).toEqual(
    expect.arrayContaining(["answerMs", "ms", "redisCommands", "redisRequests", "redisMs"]),
  );
  expect(list?.["redisCommands"]).toBeGreaterThan(0);
  expect(failed).toMatchObject({ level: "warn", outcome: "failed", reference: expect.stringMatching(/^[\da-f]{8}$/) });
  const named = events.find(
    ({ event, reference }) => event === "handler failed" && reference === failed?.["reference"],
  );
  expect(named).toBeDefined();
});

it("logs no secret and no token, whatever happens", { timeout: 30_000 }, async () => {
  const lines = recordLog();
  const token = "log-admin-token-of-24-characters";
  const world = await openWorld({ env: { LOG_LEVEL: "debug", ADMIN_TOKEN: token } });
  const { run, discord, pass, fetch, env } = world;
  const tokens: string[] = [];
  const does = async (line: string, user = "ada") => {
    const { interaction } = await run(discord.command(line, { user }));
    tokens.push(interaction.token);
  };
  for (const user of ["ada", "grace.h"]) {
    for (const line of [
      "/ping",
      "/whois person:@ada",
      "/remind me about:tea in:1m",
      "/setup",
      "/status",
      "/broadcast order:note",
    ]) {
      await does(line, user);
    }
  }
  await run(fetch("/admin/api/status", { headers: { Authorization: `Bearer ${token}` } }));
  await run(fetch("/admin/api/status", { headers: { Authorization: `Bearer ${token}x` } }));
  for (const fault of ["drop", "status"] as const) {
    await world.breakRedis({ at: "before", do: fault, ...(fault === "status" && { status: 401 }) });
    await does("/remind list");
    await does("/whois person:@grace.h");
    await pass(60_000);
  }
  await world.breakRedis();
  await pass(5 * 60_000);
  expect(lines.length).toBeGreaterThan(30);
  const log = lines.join("\n");
  const secrets = [token, env["DISCORD_BOT_TOKEN"], env["UPSTASH_REDIS_REST_TOKEN"], ...tokens];
  expect(secrets.length).toBeGreaterThan(10);
  for (const secret of secrets) expect(log.includes(secret ?? ""), secret).toBe(false);
});
