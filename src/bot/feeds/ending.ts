import type { DiscordApiError } from "../../discord/index.ts";
import type { Invocation } from "../../runtime/index.ts";
import { forgetIfRemoved } from "../membership.ts";
import { endFollowings, type Following } from "./followings.ts";

/** Ends what a channel follows, since Discord refused a post there. Resolves when that is stored. */
export type End = (following: Following, refusal: DiscordApiError) => Promise<void>;

/** Channels that are refused within this time are ended together: each request of an invocation counts. */
const gatherMs = 50;

/**
 * Makes what ends followings, for one invocation: the following of a deleted channel is forgotten, that of a closed one keeps the
 * reason for its server's list, and a server that removed the application is forgotten whole.
 * Cost: 1 request to Discord a minute and server; 1 command, 1 round trip for each server, and 2 commands for each following, all
 * in 1 round trip.
 */
export function createEnding(services: Invocation): End {
  const { clock, log } = services;
  let gathered: { following: Following; refusal: DiscordApiError }[] = [];
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    await clock.sleep(gatherMs);
    const ending = gathered;
    gathered = [];
    flushing = undefined;
    const servers = Map.groupBy(ending, ({ following }) => following.guildId);
    await Promise.all([...servers].map(([guildId, ofServer]) => endIn(guildId, ofServer)));
  }

  async function endIn(guildId: string, ending: typeof gathered): Promise<void> {
    log("info", "channels take no posts any more", { guild: guildId, count: ending.length });
    if (await forgetIfRemoved(services, guildId)) return;
    const reasons = new Map(
      ending.map(({ following, refusal }) => [
        following.channelId,
        refusal.status === 404 ? undefined : "The bot may not write there any more.",
      ]),
    );
    await endFollowings(
      services,
      guildId,
      ending.map(({ following }) => following),
      reasons,
    );
  }

  return (following, refusal) => {
    gathered.push({ following, refusal });
    return (flushing ??= flush());
  };
}
