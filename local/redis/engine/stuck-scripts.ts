import type { createSockets } from "./sockets.ts";

/** Thrown through the engine to leave a script that has written and therefore cannot be killed. */
export class StuckScript extends Error {
  override readonly name = "StuckScript";
  constructor(stuckMs: number) {
    super(`The script did not end within ${stuckMs / 1_000} s. It was ended, and its writes were undone.`);
  }
}

export interface StuckScriptsOptions {
  memory(): WebAssembly.Memory;
  stackPointer(): WebAssembly.Global;
  sockets: Pick<ReturnType<typeof createSockets>, "connect" | "hasScript" | "lastRead" | "copy" | "restore" | "drop">;
  stuckMs: number;
}

interface Turn {
  startedAt: number;
  isKilled: boolean;
  undo?: () => void;
}

/** Copying a larger memory would slow every script down. Beyond it, a script that is stuck after a write ends the engine. */
const maxCopiedBytes = 64 * 1024 * 1024;
const noTurn: Turn = { startedAt: Number.POSITIVE_INFINITY, isKilled: false };

/**
 * Ends scripts that do not end. One that has only read is killed by `SCRIPT KILL`. The engine refuses that after a
 * write: its memory then returns to a copy from before the script, since a script that fails at Upstash leaves no writes.
 */
export function createStuckScripts({ memory, stackPointer, sockets, stuckMs }: StuckScriptsOptions) {
  let turn = noTurn;
  let buffer: Uint8Array<ArrayBuffer> | undefined;

  /** Returns a function that brings the engine back to this moment, between two turns. */
  function remember(): () => void {
    const bytes = new Uint8Array(memory().buffer);
    // Used again: a copy of this size is soon made, and slow to get.
    const copied = buffer?.length === bytes.length ? buffer : new Uint8Array(bytes.length);
    copied.set(bytes);
    buffer = copied;
    const connections = sockets.copy();
    const pointer: unknown = stackPointer().value;
    return () => {
      // The engine's memory does not shrink: what it took since then is free again.
      new Uint8Array(memory().buffer).set(copied);
      stackPointer().value = pointer;
      sockets.restore(connections);
    };
  }

  function kill(): void {
    const sender = sockets.lastRead();
    const killer = sockets.connect();
    killer.onData((chunk) => {
      const isRefused = Buffer.from(chunk).includes("UNKILLABLE");
      killer.close();
      const { undo } = turn;
      if (!isRefused || !undo) return;
      const reason = new StuckScript(stuckMs);
      turn.undo = () => {
        undo();
        if (sender) sockets.drop(sender, reason);
      };
      throw reason;
    });
    killer.write(Buffer.from("SCRIPT KILL\r\nFUNCTION KILL\r\n"));
  }

  return {
    /** Call it before each turn of the engine. */
    begin() {
      turn = { startedAt: performance.now(), isKilled: false };
      if (memory().buffer.byteLength <= maxCopiedBytes && sockets.hasScript()) turn.undo = remember();
    },
    /** Call it after the last turn. */
    end: () => void (turn = noTurn),
    /** Call it whenever the engine looks for data. */
    check() {
      if (turn.isKilled || performance.now() - turn.startedAt < stuckMs) return;
      turn.isKilled = true;
      kill();
    },
    /** Call it when a turn has thrown a `StuckScript`. Brings the engine back to the moment before the script. */
    undo() {
      turn.undo?.();
      turn = noTurn;
    },
  };
}
