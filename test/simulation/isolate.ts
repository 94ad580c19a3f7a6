import type { Clock } from "../../src/platform/index.ts";
import type { Entry, World } from "./world.ts";

/** One isolate: its clock goes wrong, it freezes, it dies and is made anew. What it waits for reaches it only while it runs. */
export interface Isolate {
  readonly name: string;
  readonly clock: Clock;
  /** Calls at a true time, or once it thaws; never when the isolate has died by then, or is dead now. */
  at(time: number, happen: () => void): void;
  /** Returns `at` for what is under way now: it calls nothing once the isolate has died, though it is made anew meanwhile. */
  atOfThisLife(): Isolate["at"];
  /** Nothing happens in it for so long, while the others go on. */
  freeze(ms: number): void;
  isFrozen(): boolean;
  /** When its clock shows this time, in true time. */
  trueTime(shown: number): number;
  /** Everything under way in it is gone; calls `restart` after a while. Nothing happens to one that is dead. */
  die(restartAfterMs: number, restart: () => void): void;
  note(what: Entry["what"]): void;
}

export interface IsolateOptions {
  world: World;
  name: string;
  random(): number;
  /** How far its clock is ahead, in milliseconds, and how much faster it goes: 0.01 is 1 %. */
  skewMs: number;
  drift: number;
}

export function createIsolate({ world, name, random, skewMs, drift }: IsolateOptions): Isolate {
  const startedAt = world.now();
  let frozenUntil = 0;
  let life = 0;
  let isAlive = true;

  const atOfThisLife = (): Isolate["at"] => {
    const own = isAlive ? life : undefined;
    return (time, happen) => {
      const attempt = () => {
        if (life !== own) return;
        if (world.now() < frozenUntil) world.at(frozenUntil, attempt);
        else happen();
      };
      world.at(time, attempt);
    };
  };

  const at: Isolate["at"] = (time, happen) => atOfThisLife()(time, happen);

  const clock: Clock = {
    now: () => Math.floor(startedAt + skewMs + (world.now() - startedAt) * (1 + drift)),
    random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        at(world.now() + Math.ceil(Math.max(0, ms) / (1 + drift)), resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
  };

  const note = (what: Entry["what"]) => world.note(name, what);

  return {
    name,
    clock,
    at,
    atOfThisLife,
    note,
    isFrozen: () => world.now() < frozenUntil,
    trueTime: (shown) => startedAt + (shown - startedAt - skewMs) / (1 + drift),
    freeze(ms) {
      note(`freezes for ${ms} ms`);
      frozenUntil = Math.max(frozenUntil, world.now() + ms);
    },
    die(restartAfterMs, restart) {
      if (!isAlive) return;
      note("dies");
      life += 1;
      isAlive = false;
      world.at(world.now() + restartAfterMs, () => {
        note("starts anew");
        isAlive = true;
        restart();
      });
    },
  };
}
