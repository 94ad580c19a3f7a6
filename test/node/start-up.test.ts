import { afterEach, expect, it, vi } from "vitest";

// What a new isolate does before its first request. `Intl` reads its data then, which takes as long as everything else together.

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("formats nothing while the bot, its runtime and its dashboard load", async () => {
  const used: string[] = [];
  const note = (name: string) => (): never => {
    used.push(name);
    throw new Error(`${name} is asked for while modules load: make the text when it is shown.`);
  };
  vi.stubGlobal("Intl", new Proxy(Intl, { get: (_, name) => note(`Intl.${String(name)}`)() }));
  for (const [type, name] of [
    [Number.prototype, "toLocaleString"],
    [Date.prototype, "toLocaleString"],
    [Date.prototype, "toLocaleDateString"],
    [Date.prototype, "toLocaleTimeString"],
  ] as const) {
    vi.spyOn(type as Date, name as "toLocaleString").mockImplementation(note(name));
  }
  const { features } = await import("../../src/bot/features.ts");
  const { dashboard } = await import("../../src/web/dashboard.ts");
  const { createWorker } = await import("../../src/runtime/index.ts");
  createWorker({ features, dashboard });
  expect(used).toEqual([]);
});
