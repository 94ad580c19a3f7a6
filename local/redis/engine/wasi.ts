import { performance } from "node:perf_hooks";

/** Thrown through the engine when it calls `exit`. */
export class EngineExit extends Error {
  override readonly name = "EngineExit";
  readonly code: number;
  constructor(code: number) {
    super(`the engine exited with code ${code}`);
    this.code = code;
  }
}

export interface WasiOptions {
  memory(): WebAssembly.Memory;
  /** Called with each line of the engine's log. */
  log(line: string): void;
  /** Epoch milliseconds, fractions included. Default: the machine's clock. */
  now?(): number;
}

// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno
const errno = { success: 0, badf: 8, noent: 44, nosys: 52, spipe: 70 };
const characterDevice = 2;
const monotonic = 1;

/**
 * Returns the part of WASI preview 1 that a Valkey without files needs: two clocks, an empty environment, and a log.
 * All other calls fail, so that the engine reaches nothing outside.
 */
export function createWasi({
  memory,
  log,
  now = () => performance.timeOrigin + performance.now(),
}: WasiOptions): Record<string, (...args: never[]) => number> {
  let cached: DataView | undefined;
  /** Renewed when the engine's memory has grown. Cached, since every command reads the clock several times. */
  const view = () => {
    const { buffer } = memory();
    if (cached?.buffer !== buffer) cached = new DataView(buffer);
    return cached;
  };
  const decoder = new TextDecoder();
  let line = "";
  const startedAt = now();

  function write(text: string): void {
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    for (const whole of lines) if (whole.trim() !== "") log(whole);
  }

  const absent = () => errno.nosys;
  const noDescriptor = () => errno.badf;
  const noFile = () => errno.noent;

  return {
    environ_sizes_get(countAt: number, sizeAt: number) {
      view().setUint32(countAt, 0, true);
      view().setUint32(sizeAt, 0, true);
      return errno.success;
    },
    environ_get: () => errno.success,
    clock_time_get(clock: number, _precision: bigint, timeAt: number) {
      const ms = clock === monotonic ? now() - startedAt : now();
      view().setBigUint64(timeAt, BigInt(Math.round(ms * 1e6)), true);
      return errno.success;
    },
    fd_write(_fd: number, iovsAt: number, iovCount: number, writtenAt: number) {
      const data = view();
      let written = 0;
      for (let i = 0; i < iovCount; i++) {
        const start = data.getUint32(iovsAt + i * 8, true);
        const length = data.getUint32(iovsAt + i * 8 + 4, true);
        write(decoder.decode(new Uint8Array(data.buffer, start, length), { stream: true }));
        written += length;
      }
      data.setUint32(writtenAt, written, true);
      return errno.success;
    },
    fd_fdstat_get(fd: number, statAt: number) {
      if (fd > 2) return errno.badf;
      new Uint8Array(memory().buffer, statAt, 24).fill(0);
      view().setUint8(statAt, characterDevice);
      return errno.success;
    },
    fd_seek: () => errno.spipe,
    fd_close: () => errno.success,
    sched_yield: () => errno.success,
    proc_exit(code: number): number {
      throw new EngineExit(code);
    },
    fd_prestat_get: noDescriptor,
    fd_prestat_dir_name: noDescriptor,
    fd_fdstat_set_flags: noDescriptor,
    fd_filestat_get: noDescriptor,
    fd_filestat_set_size: noDescriptor,
    fd_pread: noDescriptor,
    fd_read: noDescriptor,
    fd_readdir: noDescriptor,
    fd_renumber: noDescriptor,
    fd_sync: noDescriptor,
    path_create_directory: noFile,
    path_filestat_get: noFile,
    path_open: noFile,
    path_rename: noFile,
    path_unlink_file: noFile,
    poll_oneoff: absent,
    sock_shutdown: absent,
  };
}
