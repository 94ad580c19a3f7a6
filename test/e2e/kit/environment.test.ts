import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

// A bot whose developer has production's tokens in the shell and in files, with and without `[secrets]`.

const names = ["ADMIN_TOKEN", "KEY_PREFIX", "LOG_LEVEL", "DISCORD_API_URL", "UPSTASH_REDIS_REST_URL"];
const folder = mkdtempSync(join(tmpdir(), "sandpiper-bot-"));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

for (const name of [...names, "CLOUDFLARE_ENV"]) vi.stubEnv(name, `poison-${name}`);
vi.stubEnv("CLOUDFLARE_INCLUDE_PROCESS_ENV", "true");
const text = names.map((name) => `${name}="poison-${name}"\n`).join("");
for (const name of [".dev.vars", ".env"]) writeFileSync(join(folder, name), text);
writeFileSync(join(folder, "worker.js"), "export default { fetch: (_, env) => Response.json(env) };");

async function startBot(name: string, more: string) {
  const configPath = join(folder, `${name}.toml`);
  writeFileSync(
    configPath,
    `name = "${name}"\nmain = "worker.js"\ncompatibility_date = "2026-10-23"\n${more}\n[vars]\nLOG_LEVEL = "warn"\n`,
  );
  return startSim({ configPath, commands: [], env: { EXTRA: "given" } });
}

const sims = {
  "with `[secrets]`": await startBot("strict", `[secrets]\nrequired = ${JSON.stringify(names.slice(0, 2))}`),
  "without `[secrets]`": await startBot("loose", ""),
};

it.each(Object.entries(sims))(
  "gives a bot %s only the bindings of its wrangler file and of the kit",
  async (_, sim) => {
    const bindings = (await (await sim.fetch("/")).json()) as Record<string, string>;
    expect(bindings).toEqual({
      DISCORD_API_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v10$/),
      DISCORD_APPLICATION_ID: sim.discord.applicationId,
      DISCORD_BOT_TOKEN: sim.discord.botToken,
      DISCORD_PUBLIC_KEY: sim.discord.publicKey,
      EXTRA: "given",
      LOG_LEVEL: "warn",
      UPSTASH_REDIS_REST_TOKEN: "sim-redis-token",
      UPSTASH_REDIS_REST_URL: sim.redis.url,
    });
  },
);
