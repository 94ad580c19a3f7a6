import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { startWrangler } from "../../../../local/deployment/wrangler.ts";
import { createEventReader, firstUse, outcomeOf } from "../../../../local/setup/first-use.ts";
import { createTools } from "./support.ts";

vi.mock("../../../../local/deployment/wrangler.ts", () => ({ startWrangler: vi.fn() }));

it.each([
  ["on one line each", (event: object) => `${JSON.stringify(event)}\n`],
  ["indented over several lines", (event: object) => `${JSON.stringify(event, null, 2)}\n`],
])("reads events of the live log %s, whatever the pieces", (_, write) => {
  const events = [1, 2].map((id) => ({
    event: { request: { url: `https://bot.test/interactions?${id}`, method: "POST" }, response: { status: 200 } },
    logs: [{ message: ["a } in a text"] }],
  }));
  const text = events.map(write).join("");
  for (const size of [1, 7, text.length]) {
    const read: object[] = [];
    const take = createEventReader((event) => read.push(event));
    for (let at = 0; at < text.length; at += size) take(text.slice(at, at + size));
    expect(read).toEqual(events);
  }
});

const told = (url: string, method: string, status?: number) =>
  outcomeOf({ event: { request: { url, method }, ...(status !== undefined && { response: { status } }) } });

it.each<[string, string, number | undefined, string | undefined]>([
  ["https://bot.test/interactions", "POST", 200, "answered"],
  ["https://bot.test/", "POST", 200, "answered"],
  ["https://bot.test/interactions?a=b", "POST", 200, "answered"],
  ["https://bot.test/interactions", "POST", 500, "failed"],
  ["https://bot.test/interactions", "POST", undefined, "failed"],
  ["https://bot.test/interactions", "POST", 401, undefined],
  ["https://bot.test/interactions", "GET", 200, undefined],
  ["https://bot.test/interactions/x", "POST", 200, undefined],
  ["https://bot.test/webhook-events", "POST", 200, undefined],
  ["nonsense", "POST", 200, undefined],
])("takes %s %s with %s for a use or not: %s", (url, method, status, outcome) => {
  expect(told(url, method, status)).toBe(outcome);
});

it("takes a tick of the cron for no use", () => {
  expect([outcomeOf({}), outcomeOf({ event: null }), outcomeOf({ event: {} })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it("says that it does not wait", async () => {
  const { tools, said } = createTools();
  await firstUse.run({ root: "/nowhere", workerUrl: "https://bot.test", isWaited: false }, tools);
  expect(said).toEqual(["Not waited for. Say /ping in the server."]);
});

/** Waits for the first use, while the live log is the test's. */
function watch() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const log = { stdout: new PassThrough(), stderr: new PassThrough(), kill: vi.fn(() => tail.emit("close")) };
  const tail = Object.assign(new EventEmitter(), log);
  vi.mocked(startWrangler).mockReturnValue(tail as unknown as ChildProcess);
  const { tools, said } = createTools();
  const listeners = process.listenerCount("SIGINT");
  const running = firstUse.run({ root: "/root", workerUrl: "https://bot.test", isWaited: true }, tools);
  expect(startWrangler).toHaveBeenLastCalledWith("/root", ["tail", "--format", "json"]);
  expect(process.listenerCount("SIGINT")).toBe(listeners + 1);
  const outcome = running.then(() => {
    expect([process.listenerCount("SIGINT"), vi.getTimerCount()]).toEqual([listeners, 0]);
    expect(tail.kill).toHaveBeenCalled();
    expect(said.shift()).toBe("Say /ping in the server now.");
    return said.join("\n");
  });
  const tell = (method: string, status: number) => {
    const event = { request: { url: "https://bot.test/interactions", method }, response: { status } };
    tail.stdout.write(`${JSON.stringify({ event })}\n`);
  };
  return { tail, tell, outcome };
}

const notSeen = "Not seen yet. https://bot.test/health and npm run doctor say whether all is well.";

it("says how the bot took its first use, and ends the live log", async () => {
  const answered = watch();
  answered.tell("GET", 200);
  answered.tell("POST", 200);
  answered.tell("POST", 500);
  expect(await answered.outcome).toBe("The bot was used, and it answered. Done.");
  const failed = watch();
  failed.tell("POST", 500);
  expect(await failed.outcome).toBe("The bot was used, and failed: npx wrangler tail shows why the next time.");
});

it("waits for a quarter of an hour, and reads what wrangler complains of in the meantime", async () => {
  const { tail, outcome } = watch();
  expect(tail.stderr.readableFlowing).toBe(true);
  vi.advanceTimersByTime(899_999);
  expect(tail.kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(tail.kill).toHaveBeenCalled();
  expect(await outcome).toBe(notSeen);
});

it.each(["close", "error"])("says how to go on where the live log ends with %s", async (event) => {
  const { tail, outcome } = watch();
  tail.emit(event, new Error("no wrangler"));
  expect(await outcome).toBe(notSeen);
});
