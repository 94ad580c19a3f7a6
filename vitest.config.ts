import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const workerd = cloudflareTest({
  main: "./src/worker.ts",
  // No `wrangler.configPath`: that would load the developer's .dev.vars into the tests.
  miniflare: { compatibilityDate: "2026-10-23", cf: false },
});

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [workerd],
        test: {
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: ["test/{local,node,simulation,kit,bot,e2e}/**"],
          globalSetup: ["test/support/quiet-workerd.ts", "test/support/redis-server.ts"],
          isolate: false,
        },
      },
      { test: { name: "local", include: ["test/{local,node,simulation}/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "e2e", include: ["test/{e2e,kit,bot}/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
