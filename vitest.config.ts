import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const workerd = cloudflareTest({
  main: "./src/worker.ts",
  // No `wrangler.configPath`: that would load the developer's .dev.vars into the tests.
  miniflare: { compatibilityDate: "2026-10-23", cf: false },
});

export default defineConfig({
  test: {
    // One more than there are cores: end-to-end tests wait a third of their time for processes and browsers.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        plugins: [workerd],
        test: {
          name: "workerd",
          include: ["test/workerd/**/*.test.ts"],
          globalSetup: ["test/support/global-setup/quiet-workerd.ts", "test/support/global-setup/redis-server.ts"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "node",
          include: ["test/node/**/*.test.ts", "test/mutants/**/*.test.ts"],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        test: { name: "simulation", include: ["test/simulation/**/*.test.ts"], isolate: false, testTimeout: 20_000 },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // The files that run in one process share its browser, and load wrangler once.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
