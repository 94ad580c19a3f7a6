import { expect, it, onTestFinished, vi } from "vitest";
import { createStuckScripts, StuckScript } from "../../../../../local/redis/engine/stuck-scripts.ts";

/** An engine of which the test is everything but the watch over its scripts. */
function watch({ pages = 1 } = {}) {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const memory = new WebAssembly.Memory({ initial: pages });
  const stackPointer = new WebAssembly.Global({ value: "i32", mutable: true }, 7);
  const told: unknown[] = [];
  const state = { hasScript: true };
  let answer: (chunk: Uint8Array) => void = () => {};
  const sender = { name: "sender" };
  const scripts = createStuckScripts({
    memory: () => memory,
    stackPointer: () => stackPointer,
    stuckMs: 1_500,
    sockets: {
      hasScript: () => state.hasScript,
      lastRead: () => sender as never,
      copy: () => "connections" as never,
      restore: (copy) => void told.push(["restored", copy]),
      drop: (socket, reason) => void told.push(["dropped", socket, reason.message]),
      connect: () => ({
        write: (bytes) => void told.push(Buffer.from(bytes).toString()),
        onData: (listener) => void (answer = listener),
        onClose: () => {},
        close: () => void told.push("closed"),
      }),
    },
  });
  const bytes = () => new Uint8Array(memory.buffer);
  const reply = (text: string) => answer(Buffer.from(text));
  return { ...scripts, memory, bytes, stackPointer, told, state, reply };
}

const kill = "SCRIPT KILL\r\nFUNCTION KILL\r\n";

it("kills a script once, when its time is over", () => {
  const { begin, check, end, told, reply } = watch();
  check();
  begin();
  vi.advanceTimersByTime(1_499);
  check();
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  check();
  check();
  expect(told).toEqual([kill]);
  reply("+OK\r\n");
  expect(told).toEqual([kill, "closed"]);
  end();
  vi.advanceTimersByTime(10_000);
  check();
  expect(told).toHaveLength(2);
  // The next turn has its own time.
  begin();
  check();
  expect(told).toHaveLength(2);
});

it("brings back memory, stack and connections of a script that has written, and drops its client", () => {
  const { begin, check, undo, told, reply, bytes, memory, stackPointer } = watch();
  bytes()[5] = 1;
  begin();
  bytes()[5] = 2;
  stackPointer.value = 99;
  memory.grow(1);
  vi.advanceTimersByTime(1_500);
  check();
  expect(() => reply("-UNKILLABLE it wrote\r\n")).toThrow(new StuckScript(1_500));
  undo();
  expect([bytes()[5], stackPointer.value]).toEqual([1, 7]);
  const reason = "The script did not end within 1.5 s. It was ended, and its writes were undone.";
  expect(told.slice(1)).toEqual(["closed", ["restored", "connections"], ["dropped", { name: "sender" }, reason]]);
  // A turn is undone once.
  undo();
  check();
  expect(told).toHaveLength(4);
});

it("leaves a script that has written to run on where no copy was made", () => {
  const { begin, check, told, reply, state } = watch();
  state.hasScript = false;
  begin();
  vi.advanceTimersByTime(1_500);
  check();
  expect(() => reply("-UNKILLABLE it wrote\r\n")).not.toThrow();
  expect(told).toEqual([kill, "closed"]);
});

it("copies 64 MiB, and no larger memory", () => {
  const { begin, undo, memory, told } = watch({ pages: 1_024 });
  begin();
  undo();
  expect(told).toEqual([["restored", "connections"]]);
  memory.grow(1);
  begin();
  undo();
  expect(told).toHaveLength(1);
});
