import { expect, it } from "vitest";
import { compileEngine, createEngine } from "../../../../../local/redis/index.ts";

it("starts several engines from one compiled module, and passes their logs on", async () => {
  const module = await compileEngine();
  const lines: string[] = [];
  const engines = await Promise.all(
    Array.from({ length: 5 }, () => createEngine({ module, log: (line) => lines.push(line) })),
  );
  expect(lines.filter((line) => line.includes("Ready to accept connections"))).toHaveLength(5);
  await Promise.all(engines.map((engine) => engine.close()));
});
