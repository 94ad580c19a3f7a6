import type { Clock } from "../../platform/index.ts";
import type { BaseInteraction } from "../interaction/base.ts";
import type { Refused } from "./guard.ts";

/**
 * How often a handler may be used, in a sliding window. Enforced over all isolates.
 *
 * @example
 * command({
 *   name: "roast",
 *   description: "Roasts you",
 *   cooldown: { limit: 3, seconds: 60, per: "member" },
 *   run: () => "You call that a pull request?",
 * });
 */
export interface Cooldown<Interaction = BaseInteraction> {
  /** The uses that fit into the window: a whole number from 1 to 1,000. */
  limit: number;
  /** The length of the window, in seconds. */
  seconds: number;
  /** The uses that count together. Default: `"user"`. */
  per?: CooldownScope | CooldownKey<Interaction>["of"];
}

/**
 * The uses that count together: those by one person (`user`), by one person in one server (`member`), in one channel or
 * conversation (`channel`), in one server (`guild`), or all (`everyone`). Outside servers, `member` and `guild` count by
 * person.
 */
export type CooldownScope = "user" | "member" | "channel" | "guild" | "everyone";

interface CooldownKey<Interaction> {
  /**
   * Returns a short text: uses with the same text count together. Returns undefined for a use that does not count.
   *
   * @example
   * cooldown: { limit: 1, seconds: 3_600, per: ({ options }) => options.topic }
   */
  of(interaction: Interaction): string | undefined;
}

/** Whether a use may go on; if not, in how many milliseconds the next one may. */
export type CooldownUse = { isAllowed: true } | { isAllowed: false; retryAfterMs: number };

/** Counts uses where every isolate sees them. */
export interface CooldownStore {
  /**
   * Counts a use under `name`, unless `limit` uses were counted in the last `windowMs` milliseconds: then it is refused, and
   * not counted. Answers without a promise when it knows already. Rejects when it cannot count.
   */
  use(name: string, limit: number, windowMs: number): CooldownUse | Promise<CooldownUse>;
}

export interface AskCooldownOptions {
  store: CooldownStore;
  /** Unique among all handlers. */
  rule: string;
  cooldown: Cooldown;
  interaction: BaseInteraction;
  clock: Pick<Clock, "now">;
  /** Told when the use cannot be counted. It goes on then. */
  onError(error: unknown): void;
}

/** Counts a use of a handler. Returns a refusal that says when to come back, or undefined when the use may go on. */
export function askCooldown({
  store,
  rule,
  cooldown: { limit, seconds, per = "user" },
  interaction,
  clock,
  onError,
}: AskCooldownOptions): Refused | Promise<Refused> {
  const letPass = (error: unknown): Refused => {
    onError(error);
    return undefined;
  };
  const refusalOf = (use: CooldownUse): Refused => {
    if (use.isAllowed) return undefined;
    const at = `<t:${Math.ceil((clock.now() + use.retryAfterMs) / 1_000)}:R>`;
    return isPersonal(per, interaction)
      ? `That was quick. You can use this again ${at}.`
      : `This has been used enough${places[String(per)] ?? ""} for now. It works again ${at}.`;
  };
  try {
    const key = typeof per === "function" ? textOf(per(interaction)) : scopeOf(per, interaction);
    if (key === undefined) return undefined;
    const use = store.use(`${rule}:${key}`, limit, Math.ceil(seconds * 1_000));
    return use instanceof Promise ? use.then(refusalOf).catch(letPass) : refusalOf(use);
  } catch (error) {
    return letPass(error);
  }
}

/** The most uses that a window may allow: a store keeps the time of each. */
const maxUses = 1_000;

/** Returns the reason why a cooldown cannot be enforced, or undefined when it can. */
export function problemWithCooldown({ limit, seconds }: Cooldown): string | undefined {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxUses) {
    return `its limit is ${limit}, and must be a whole number from 1 to ${maxUses}`;
  }
  return seconds > 0 && Number.isFinite(seconds)
    ? undefined
    : `it lasts ${seconds} seconds, and must last longer than 0`;
}

// --- Internal helpers ---

const places: Readonly<Record<string, string>> = { channel: " in this channel", guild: " in this server" };

const textOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : `by:${text}`);

function scopeOf(scope: CooldownScope, { user, guildId, channelId }: BaseInteraction): string {
  if (scope === "everyone") return scope;
  if (scope === "channel" && channelId !== undefined) return `channel:${channelId}`;
  if (scope === "guild" && guildId !== undefined) return `guild:${guildId}`;
  if (scope === "member" && guildId !== undefined) return `member:${guildId}:${user.id}`;
  return `user:${user.id}`;
}

const isPersonal = (per: NonNullable<Cooldown["per"]>, { guildId }: BaseInteraction): boolean =>
  per === "user" || per === "member" || (per === "guild" && guildId === undefined);
