import { expect, it, onTestFinished, vi } from "vitest";
import { createEngine } from "../../../../../local/redis/index.ts";

it("compiles once for several engines of a process, and passes their logs on", async () => {
  await (await createEngine()).close();
  const compile = vi.spyOn(WebAssembly, "compile");
  onTestFinished(() => compile.mockRestore());
  const lines: string[] = [];
  const engines = await Promise.all(Array.from({ length: 5 }, () => createEngine({ log: (line) => lines.push(line) })));
  expect(lines.filter((line) => line.includes("Ready to accept connections"))).toHaveLength(5);
  expect(compile).not.toHaveBeenCalled();
  await Promise.all(engines.map((engine) => engine.close()));
});
