import type { Interaction } from "../interaction/interaction.ts";
import type { Refused } from "./guard.ts";

/** How often something may be used. */
export interface Cooldown {
  /** So many uses … */
  limit: number;
  /** … in so many seconds … */
  seconds: number;
  /** … by one person (where left out), in one channel, or in one server. */
  per?: "user" | "channel" | "guild";
}

/** Whether a use may go on; if not, in how many milliseconds one may. */
export type CooldownUse = { isAllowed: true } | { isAllowed: false; retryAfterMs: number };

/** Counts uses where every isolate sees them. */
export interface CooldownStore {
  /** Counts one use under `name`, unless there are `limit` in the last `windowMs` already. */
  use(name: string, limit: number, windowMs: number): Promise<CooldownUse>;
}

/** Counts a use of the handler called `name`. Where the store fails, the person is let through: `failed` is told. */
export async function askCooldown(
  store: CooldownStore,
  name: string,
  { limit, seconds, per = "user" }: Cooldown,
  interaction: Interaction,
  now: number,
  failed: (error: unknown) => void,
): Promise<Refused> {
  const whose = { user: interaction.user.id, channel: interaction.channelId, guild: interaction.guildId }[per];
  try {
    const use = await store.use(`${name}:${per}:${whose ?? interaction.user.id}`, limit, seconds * 1_000);
    if (use.isAllowed) return undefined;
    return `That was quick. You can use this again <t:${Math.ceil((now + use.retryAfterMs) / 1_000)}:R>.`;
  } catch (error) {
    failed(error);
    return undefined;
  }
}
