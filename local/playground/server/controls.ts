import { LineError, type Simulator } from "../../discord/index.ts";
import type { Fault } from "../../redis/index.ts";
import type { Control, ControlsView, FaultName } from "../protocol.ts";
import type { Attribution } from "./attribution.ts";
import type { WorldClock } from "./world-clock.ts";

/** The Redis server beside the playground. */
export interface RedisControl {
  setFaults(faults: readonly Fault[]): void;
  /** Moves the time by which keys expire. */
  setAhead(ms: number): void;
  /** Returns when the next job is due, in epoch milliseconds. */
  nextJobAt(): Promise<number | undefined>;
}

export interface ControlsOptions {
  simulator: Simulator;
  clock: WorldClock;
  attribution: Attribution;
  redis?: RedisControl | undefined;
  /** Fires the Worker's cron at a time of the world. Absent: the Worker has none that could be fired from here. */
  fireCron?: ((at: number) => void) | undefined;
  /** Called when the view changed. */
  onChange(): void;
  /** How long a fault lasts, in milliseconds. Default: 60,000. */
  faultMs?: number | undefined;
}

/** Time and faults by button. */
export interface Controls {
  view(): ControlsView;
  /** Returns the hosts whose pictures the page may load. */
  pictureHosts(): readonly string[];
  /** Does it. Throws a `LineError` for what cannot be done here. */
  act(control: Control): Promise<void>;
  /** Looks again when the next job is due. */
  refresh(): void;
  /** Ends all faults. */
  close(): void;
}

export function createControls({
  simulator,
  clock,
  attribution,
  redis,
  fireCron,
  onChange,
  faultMs = 60_000,
}: ControlsOptions): Controls {
  const faults = new Map<FaultName, { endsAt: number; timer: NodeJS.Timeout }>();
  const hosts = new Set<string>();
  let nextJobAt: number | undefined;
  let looking: NodeJS.Timeout | undefined;

  function apply(): void {
    const names = [...faults.keys()];
    redis?.setFaults(names.flatMap((name) => redisFaults[name] ?? []));
    const isDirect = (path: string) =>
      [...simulator.world.directChannels.values()].some(({ id }) => path.includes(`/channels/${id}/messages`));
    const closed = {
      status: 403,
      times: Number.POSITIVE_INFINITY,
      path: (method: string, path: string) => method === "POST" && isDirect(path),
      body: { message: "Cannot send messages to this user", code: 50_007 },
    };
    simulator.setRestFaults(
      ...names.flatMap((name) => (name === "discord-closed-dms" ? closed : (discordFaults[name] ?? []))),
    );
  }

  function end(name: FaultName): void {
    clearTimeout(faults.get(name)?.timer);
    if (!faults.delete(name)) return;
    apply();
    onChange();
  }

  function begin(name: FaultName): void {
    if (name.startsWith("redis-") && !redis) throw new LineError("There is no Redis here whose replies could be lost.");
    clearTimeout(faults.get(name)?.timer);
    const timer = setTimeout(() => end(name), faultMs).unref();
    faults.set(name, { endsAt: Date.now() + faultMs, timer });
    apply();
    onChange();
  }

  function cron(title: string): void {
    if (!fireCron) throw new LineError("There is no cron here that could be fired.");
    const at = clock.now();
    attribution.tick(`cron-${at}`, title);
    fireCron(at);
  }

  function move(byMs: number, title: string): void {
    if (!redis || !fireCron) throw new LineError("This Worker does not follow the playground's clock.");
    clock.move(byMs);
    redis.setAhead(clock.aheadMs());
    onChange();
    cron(title);
  }

  async function look(): Promise<void> {
    looking = undefined;
    const found = await redis?.nextJobAt().catch(() => undefined);
    if (found === nextJobAt) return;
    nextJobAt = found;
    onChange();
  }

  return {
    view: () => ({
      can: {
        move: redis !== undefined && fireCron !== undefined,
        cron: fireCron !== undefined,
        redis: redis !== undefined,
      },
      aheadMs: clock.aheadMs(),
      ...(nextJobAt !== undefined && { nextJobAt }),
      faults: [...faults].map(([name, { endsAt }]) => ({ name, endsAt })),
    }),
    pictureHosts: () => [...hosts],
    async act(control) {
      switch (control.do) {
        case "move":
          return move(control.byMs, "cron, after time was moved");
        case "to-next-job": {
          await look();
          if (nextJobAt === undefined) throw new LineError("No job is scheduled.");
          return move(Math.max(0, Math.ceil(nextJobAt) - clock.now()), "cron, for the next job");
        }
        case "pictures":
          if (control.isOn) hosts.add(control.host);
          else hosts.delete(control.host);
          return;
        case "cron":
          return cron("cron, by hand");
        case "fault":
          return control.isOn ? begin(control.name) : end(control.name);
      }
    },
    refresh: () => void (looking ??= redis && setTimeout(() => void look(), lookAfterMs).unref()),
    close() {
      clearTimeout(looking);
      for (const name of faults.keys()) end(name);
    },
  };
}

// --- Internal helpers ---

/** Redis is asked once for many requests. */
const lookAfterMs = 100;

const redisFaults: Partial<Record<FaultName, Fault>> = {
  "redis-slow": { at: "before", do: "stall", ms: 1_000 },
  "redis-down": { at: "before", do: "drop" },
  "redis-loses-replies": { at: "after", do: "drop" },
};

const always = { times: Number.POSITIVE_INFINITY };
const discordFaults: Partial<Record<FaultName, { status: number; times: number; retryAfter?: number }>> = {
  "discord-429": { status: 429, retryAfter: 5, ...always },
  "discord-500": { status: 500, ...always },
};
