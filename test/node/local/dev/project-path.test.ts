import { posix, win32 } from "node:path";
import { expect, it } from "vitest";
import { placesIn, projectPath } from "../../../../local/dev/project-path.ts";

it.each([
  [posix, "/home/ada/bot", "/home/ada/bot/src/bot/ping.ts", "src/bot/ping.ts"],
  [win32, String.raw`C:\Users\Ada L\bot`, String.raw`C:\Users\Ada L\bot\src\bot\ping.ts`, "src/bot/ping.ts"],
  [win32, String.raw`C:\bot`, "c:/bot/src/worker.ts", "src/worker.ts"],
])("names a file as an import does", (paths, root, file, name) => {
  expect(projectPath(root, file, paths)).toBe(name);
});

it.each([
  [false, "/home/ada l/bot", "file:///home/ada%20l/bot"],
  [true, String.raw`C:\Users\Ada L\bot`, "file:///C:/Users/Ada%20L/bot"],
])("finds the project's own files in a stack (Windows: %s)", (windows, root, url) => {
  const stack = `Error: no
    at fail (${url}/src/bot/ping.ts:8:3)
    at node:internal/modules/run_main:1:1
    at ${url}/node_modules/valibot/index.js:1:2
    at ${url}/src/bot/features.ts:20:1`;
  expect(placesIn(stack, root, windows)).toEqual(["src/bot/ping.ts:8:3", "src/bot/features.ts:20:1"]);
});
