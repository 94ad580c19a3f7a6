import { describe, expect, it } from "vitest";
import {
  type Cooldown,
  type CooldownStore,
  createKit,
  createRouter,
  type RouterServices,
  type Stage,
} from "../../../../src/discord/index.ts";
import { slash } from "../../../support/payloads.ts";

// The interface between a cooldown and whatever counts its uses, here a Map.

function createMapStore(now: () => number): CooldownStore & { keys: string[] } {
  const uses = new Map<string, number[]>();
  const keys: string[] = [];
  return {
    keys,
    async use(key, limit, windowMs) {
      keys.push(key);
      const recent = (uses.get(key) ?? []).filter((at) => at > now() - windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= limit)
        return { isAllowed: false, retryAfterMs: oldest + windowMs - now() };
      uses.set(key, [...recent, now()]);
      return { isAllowed: true };
    },
  };
}

function createBot(cooldown: Cooldown, store?: CooldownStore) {
  const clock = { now: Date.parse("2026-06-01T12:00:00Z") };
  const cooldowns = store ?? createMapStore(() => clock.now);
  const errors: unknown[] = [];
  const stages: Stage[] = [];
  const services = {
    clock: { now: () => clock.now, sleep: () => Promise.resolve() },
    waitUntil: () => {},
    discord: undefined as never,
  } satisfies RouterServices;
  const { command } = createKit<RouterServices>();
  const router = createRouter<RouterServices>({
    handlers: [command({ name: "slow-down", description: "x", cooldown, run: () => "ran" })],
    cooldowns: () => cooldowns,
    onError: (error) => String(errors.push(error)),
    onStage: (stage) => void stages.push(stage),
  });
  return {
    clock,
    errors,
    stages,
    cooldowns,
    use: async (more: object = {}) =>
      (await router({ ...slash("slow-down"), ...more } as never, services)).data as { content: string; flags?: number },
  };
}

describe("a cooldown", () => {
  it("lets so many uses through in so many seconds, and then says when", async () => {
    const { use, clock, stages } = createBot({ limit: 2, seconds: 10 });
    expect([(await use()).content, (await use()).content]).toEqual(["ran", "ran"]);
    const refused = await use();
    expect(refused).toMatchObject({
      flags: 64,
      content: `That was quick. You can use this again <t:${clock.now / 1_000 + 10}:R>.`,
    });
    expect(stages.at(-1)).toMatchObject({ stage: "admit", outcome: "refused", handler: "/slow-down" });
    clock.now += 10_000;
    expect((await use()).content).toBe("ran");
  });

  it("counts for a person, a channel or a server", async () => {
    for (const [per, id] of [
      ["user", "1100000000000000011"],
      ["channel", "1100000000000000111"],
      ["guild", "1100000000000000100"],
    ] as const) {
      const { use, cooldowns } = createBot({ limit: 1, seconds: 10, per });
      await use();
      expect((cooldowns as ReturnType<typeof createMapStore>).keys).toEqual([`/slow-down:${per}:${id}`]);
    }
  });

  it("lets everybody through when its store fails, and tells the error hook", async () => {
    const { use, errors } = createBot({ limit: 1, seconds: 10 }, { use: () => Promise.reject(new Error("no store")) });
    expect((await use()).content).toBe("ran");
    expect(errors).toEqual([new Error("no store")]);
  });
});
