import { expect, it, onTestFinished, vi } from "vitest";
import type { ReadCommands } from "../../../../local/dev/commands.ts";
import { createLoop } from "../../../../local/dev/loop.ts";
import type { Mistake } from "../../../../local/dev/mistake.ts";
import type { Built } from "../../../../local/dev/worker-host.ts";

const ping = { type: 1, name: "ping" };
const pong = { type: 1, name: "pong" };
const mistake: Mistake = { title: "The Worker cannot start", text: "Early." };

/** Runs turns of the event loop, while a clock of the test stands still. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** A loop whose builds and readings the test settles, in the order in which they were asked for. */
function createProject({ refusal }: { refusal?: Mistake } = {}) {
  const builds: ((built: Built) => void)[] = [];
  const readings: ((read: ReadCommands) => void)[] = [];
  const events: unknown[] = [];
  const disposed: string[] = [];
  const times: number[] = [];
  const loop = createLoop({
    build: () => new Promise((resolve) => builds.push(resolve)),
    readCommands: () => new Promise((resolve) => readings.push(resolve)),
    onCommands(commands) {
      events.push(commands.map(({ name }) => name));
      return refusal;
    },
    onLive({ saved, changes, ms }) {
      events.push({ saved, changes });
      times.push(ms);
    },
    onMistake: (found) => events.push(found),
  });
  const worker = (url: string) => ({ url, dispose: () => disposed.push(url) });
  return {
    loop,
    events,
    disposed,
    times,
    asked: () => builds.length,
    /** Settles the oldest build and reading. */
    async answer(url: string | Mistake, commands: (typeof ping)[] | ReadCommands) {
      await until(() => readings.length > 0);
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
  await until(() => asked() === 1);
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

/** Has the clock of the loop stand still, but for the moments in which it waits for a quiet one. */
function stopClock() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

it("lets a replaced Worker finish within five seconds, and counts the time from the first save", async () => {
  stopClock();
  const { loop, disposed, times, asked, answer } = createProject();
  loop.saved();
  await answer("http://one", [ping]);
  await loop.settled();
  loop.saved("src/bot/ping.ts");
  await until(() => asked() === 1);
  vi.advanceTimersByTime(250);
  await answer("http://two", [ping]);
  await loop.settled();
  expect(times).toEqual([0, 250]);
  vi.advanceTimersByTime(4_999);
  expect(disposed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(disposed).toEqual(["http://one"]);
});

it("builds a Worker again that ends after more than five seconds", async () => {
  stopClock();
  const { loop, asked, answer } = createProject();
  loop.saved();
  await answer("http://one", [ping]);
  vi.advanceTimersByTime(5_001);
  loop.lost();
  expect([loop.url(), loop.mistake()]).toEqual([undefined, undefined]);
  await until(() => asked() === 1);
  await answer("http://two", [ping]);
  await loop.settled();
  vi.advanceTimersByTime(5_000);
  loop.lost();
  expect(loop.mistake()?.text).toContain("Save a file");
  // One that ends before any has begun has had no time at all.
  loop.saved("src/bot/ping.ts");
  loop.lost();
  await answer("http://three", [ping]);
  await loop.settled();
  expect([loop.url(), loop.mistake()]).toEqual(["http://three", undefined]);
});
