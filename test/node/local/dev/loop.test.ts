import { expect, it } from "vitest";
import type { ReadCommands } from "../../../../local/dev/commands.ts";
import { createLoop } from "../../../../local/dev/loop.ts";
import type { Mistake } from "../../../../local/dev/mistake.ts";
import type { Built } from "../../../../local/dev/worker-host.ts";

const ping = { type: 1, name: "ping" };
const pong = { type: 1, name: "pong" };
const mistake: Mistake = { title: "The Worker cannot start", text: "Early." };

/** A loop whose builds and readings the test settles, in the order in which they were asked for. */
function createProject({ refusal }: { refusal?: Mistake } = {}) {
  const builds: ((built: Built) => void)[] = [];
  const readings: ((read: ReadCommands) => void)[] = [];
  const events: unknown[] = [];
  const disposed: string[] = [];
  const loop = createLoop({
    build: () => new Promise((resolve) => builds.push(resolve)),
    readCommands: () => new Promise((resolve) => readings.push(resolve)),
    onCommands(commands) {
      events.push(commands.map(({ name }) => name));
      return refusal;
    },
    onLive: ({ saved, changes }) => events.push({ saved, changes }),
    onMistake: (found) => events.push(found),
  });
  const worker = (url: string) => ({ url, dispose: () => disposed.push(url) });
  return {
    loop,
    events,
    disposed,
    asked: () => builds.length,
    /** Settles the oldest build and reading. */
    async answer(url: string | Mistake, commands: (typeof ping)[] | ReadCommands) {
      await expect.poll(() => readings.length).toBeGreaterThan(0);
      readings.shift()?.(Array.isArray(commands) ? { commands } : commands);
      builds.shift()?.(typeof url === "string" ? { worker: worker(url) } : { mistake: url });
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it("registers the commands of a Worker, then lets it answer, and says what changed", async () => {
  const { loop, events, answer } = createProject();
  loop.saved();
  expect(loop.url()).toBeUndefined();
  await answer("http://one", [ping]);
  await loop.settled();
  expect(loop.url()).toBe("http://one");
  loop.saved("src/bot/pong.ts");
  await answer("http://two", [pong]);
  await loop.settled();
  expect(loop.url()).toBe("http://two");
  expect(events).toEqual([
    ["ping"],
    { saved: [], changes: ["new /ping"] },
    ["pong"],
    { saved: ["src/bot/pong.ts"], changes: ["new /pong", "gone /ping"] },
  ]);
});

it("keeps the Worker and the commands of before a mistake, and says when it is mended", async () => {
  const { loop, events, answer } = createProject();
  loop.saved();
  await answer("http://one", [ping]);
  loop.saved("src/bot/ping.ts");
  await answer(mistake, [pong]);
  await loop.settled();
  expect(loop.url()).toBe("http://one");
  expect(loop.mistake()).toEqual(mistake);
  loop.saved("src/bot/ping.ts");
  await answer("http://two", [ping]);
  await loop.settled();
  expect(loop.mistake()).toBeUndefined();
  expect(events.slice(2)).toEqual([mistake, ["ping"], null, { saved: ["src/bot/ping.ts"], changes: [] }]);
});

it("discards a Worker whose commands are refused", async () => {
  const { loop, disposed, answer } = createProject({ refusal: mistake });
  loop.saved();
  await answer("http://one", [ping]);
  await loop.settled();
  expect(loop.url()).toBeUndefined();
  expect(loop.mistake()).toEqual(mistake);
  expect(disposed).toEqual(["http://one"]);
});

it("does not wait for the build of code that fails when it runs, and discards what it gives", async () => {
  const { loop, disposed, answer } = createProject();
  loop.saved();
  await answer("http://late", { mistake, isOfCode: true });
  await loop.settled();
  expect(loop.mistake()).toEqual(mistake);
  expect(disposed).toEqual(["http://late"]);
});

it("prefers the build's word on code that cannot be read", async () => {
  const { loop, answer } = createProject();
  const fromBuild = { title: "The Worker cannot be built", text: 'Expected "}".' };
  loop.saved();
  await answer(fromBuild, { mistake, isOfCode: false });
  await loop.settled();
  expect(loop.mistake()).toEqual(fromBuild);
});

it("gives up a build when another save comes, and names the files of both", async () => {
  const { loop, events, disposed, asked, answer } = createProject();
  loop.saved("src/bot/one.ts");
  await expect.poll(asked).toBe(1);
  loop.saved("src/bot/two.ts");
  await answer("http://one", [ping]);
  await answer("http://two", [pong]);
  await loop.settled();
  expect(loop.url()).toBe("http://two");
  expect(disposed).toEqual(["http://one"]);
  expect(events).toEqual([["pong"], { saved: ["src/bot/one.ts", "src/bot/two.ts"], changes: ["new /pong"] }]);
});

it("waits for a save when a Worker that had only just begun ends", async () => {
  const { loop, asked, answer } = createProject();
  loop.saved();
  await answer("http://one", [ping]);
  loop.lost();
  expect(loop.url()).toBeUndefined();
  expect(loop.mistake()?.text).toContain("Save a file to start the Worker again");
  expect(asked()).toBe(0);
});
