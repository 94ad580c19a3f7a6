import { expect, it } from "vitest";
import { createWasi, EngineExit, type WasiOptions } from "../../../../../local/redis/engine/wasi.ts";

/** The calls of an engine whose memory is the test's, full of ones. */
function open(more: Partial<WasiOptions> = {}) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Uint8Array(memory.buffer).fill(0xff);
  const lines: string[] = [];
  const wasi = createWasi({ memory: () => memory, log: (line) => lines.push(line), ...more });
  const call = (name: string, ...args: unknown[]) => (wasi[name] as (...args: unknown[]) => number)(...args);
  /** Writes pieces of text to a descriptor, as the engine does, and returns how many bytes it is told. */
  function write(...pieces: (string | Uint8Array)[]): number {
    const view = new DataView(memory.buffer);
    let at = 512;
    for (const [index, piece] of pieces.entries()) {
      const bytes = Buffer.from(piece as string);
      new Uint8Array(memory.buffer).set(bytes, at);
      view.setUint32(64 + index * 8, at, true);
      view.setUint32(64 + index * 8 + 4, bytes.length, true);
      at += bytes.length + 3;
    }
    expect(call("fd_write", 1, 64, pieces.length, 32)).toBe(0);
    return view.getUint32(32, true);
  }
  return { memory, lines, call, write, view: () => new DataView(memory.buffer) };
}

it("tells the time of the world and the time since its start, in nanoseconds", () => {
  let now = 1_000.25;
  const { memory, call, view } = open({ now: () => now });
  const read = (clock: number) => {
    expect(call("clock_time_get", clock, 1n, 16)).toBe(0);
    return view().getBigUint64(16, true);
  };
  expect([read(0), read(1)]).toEqual([1_000_250_000n, 0n]);
  now += 2.5;
  expect([read(0), read(1)]).toEqual([1_002_750_000n, 2_500_000n]);
  // The engine's memory grows, which detaches the buffer of before.
  memory.grow(1);
  expect(read(1)).toBe(2_500_000n);
});

it("takes the machine's clock without another", () => {
  const { call, view } = open();
  call("clock_time_get", 0, 1n, 16);
  expect(Math.abs(Number(view().getBigUint64(16, true) / 1_000_000n) - Date.now())).toBeLessThan(1_000);
});

it("logs whole lines, however they are cut, and no empty ones", () => {
  const { lines, write } = open();
  const umlaut = Buffer.from("ü");
  expect(write("gr", umlaut.subarray(0, 1), umlaut.subarray(1))).toBe(4);
  expect(lines).toEqual([]);
  expect(write("n\n\n  \nnext", " one\nrest")).toBe(19);
  expect(lines).toEqual(["grün", "next one"]);
  expect(write()).toBe(0);
});

it("has an empty environment, and three descriptors that are terminals", () => {
  const { call, view } = open();
  expect(call("environ_sizes_get", 8, 12)).toBe(0);
  expect([view().getUint32(8, true), view().getUint32(12, true)]).toEqual([0, 0]);
  for (const fd of [0, 1, 2]) {
    new Uint8Array(view().buffer, 100, 25).fill(0xff);
    expect(call("fd_fdstat_get", fd, 100)).toBe(0);
    expect([...new Uint8Array(view().buffer, 100, 25)]).toEqual([2, ...Array.from({ length: 23 }, () => 0), 0xff]);
  }
  expect(call("fd_fdstat_get", 3, 100)).toBe(8);
});

// The numbers are WASI's.
it.each([
  [0, "environ_get fd_close sched_yield"],
  [8, "fd_prestat_get fd_prestat_dir_name fd_fdstat_set_flags fd_filestat_get fd_filestat_set_size fd_pread fd_read"],
  [8, "fd_readdir fd_renumber fd_sync"],
  [44, "path_create_directory path_filestat_get path_open path_rename path_unlink_file"],
  [52, "poll_oneoff sock_shutdown"],
  [70, "fd_seek"],
])("answers %d to %s", (errno, names) => {
  const { call } = open();
  for (const name of names.split(" ")) expect([name, call(name)]).toEqual([name, errno]);
});

it("leaves the engine when it exits", () => {
  const { call } = open();
  expect(() => call("proc_exit", 3)).toThrow(new EngineExit(3));
  expect(new EngineExit(3)).toMatchObject({ code: 3, message: "the engine exited with code 3" });
});
