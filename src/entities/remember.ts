import type { Cache } from "../cache/index.ts";
import { entitiesIn, type InteractionEntities, isWhole } from "./interaction.ts";
import { channels, idInGuild, members, users } from "./kinds.ts";

/** Remembers the entities that one interaction carries. */
export interface InteractionMemory {
  /** Puts them into L1, after the current turn: an answer does not wait for it. Cost: 0 commands. */
  take(interaction: InteractionEntities): void;
  /**
   * Shares them with other isolates, once. Called with a read of entities, which pays for a round trip anyway: an interaction
   * that reads none costs nothing.
   */
  share(): void;
}

export function createInteractionMemory(cache: Cache, waitUntil: (work: Promise<unknown>) => void): InteractionMemory {
  let taken: InteractionEntities | undefined;
  let shares: (() => void)[] = [];

  function remember(): void {
    if (!taken) return;
    const entities = entitiesIn(taken);
    taken = undefined;
    shares = [
      cache.of(users).remember(entities.users),
      cache.of(members).remember(entities.members),
      cache.of(channels).remember(entities.channels),
    ];
  }

  return {
    take(interaction) {
      if (isRemembered(cache, interaction)) return;
      taken = interaction;
      waitUntil(Promise.resolve().then(remember));
    },
    share() {
      remember();
      const pending = shares;
      shares = [];
      for (const shareOne of pending) shareOne();
    },
  };
}

// --- Internal helpers ---

/** Returns whether L1 has everything that an interaction carries. The entities that its options name are not looked up. */
function isRemembered(cache: Cache, interaction: InteractionEntities): boolean {
  const { user, member, guild_id: guildId = "", channel, data } = interaction;
  if (typeof data === "object" && data !== null && "resolved" in data) return false;
  const userId = member?.user.id ?? user?.id ?? "";
  return (
    cache.isLocal(users, userId) &&
    (!member || cache.isLocal(members, idInGuild(guildId, userId))) &&
    (!isWhole(channel) || cache.isLocal(channels, idInGuild(guildId, channel.id)))
  );
}
