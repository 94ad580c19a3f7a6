import { cacheKind } from "../cache/index.ts";
import { isForbidden } from "../discord/index.ts";
import { path } from "../platform/index.ts";
import type { Invocation } from "../runtime/index.ts";

/** Several requests to one server may be refused at once: Discord is asked about the server once a minute. */
const memberships = cacheKind<boolean>({ name: "membership", ttlMs: 60_000, isTagged: false });

/**
 * Has every feature forget a server whose channels refuse the bot, if the bot is not in it any more: without a
 * gateway, Discord does not tell that a server removed the application. Returns whether it did.
 * Cost: 1 request to Discord a minute and server; 1 command, 1 round trip; and the features' to forget it.
 */
export async function forgetIfRemoved(services: Invocation, guildId: string): Promise<boolean> {
  if (await isMember(services, guildId)) return false;
  await services.forgetGuild(guildId);
  return true;
}

// --- Internal helpers ---

/** Returns whether the bot is in a server, as far as Discord says. */
const isMember = async ({ cache, discord }: Invocation, guildId: string): Promise<boolean> =>
  (await cache.of(memberships).get(guildId, async () => {
    try {
      await discord.get(path`/guilds/${guildId}`);
      return true;
    } catch (error) {
      return !isForbidden(error);
    }
  })) ?? true;
