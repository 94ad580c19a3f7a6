import { cacheKind } from "../cache/index.ts";
import { ownerOnly } from "../discord/index.ts";
import type { Invocation } from "../runtime/index.ts";

interface Application {
  owner?: { id: string };
  team?: { members: { user: { id: string } }[] } | null;
}

/** Asked of Discord once in ten minutes; kept for a day while Discord does not answer. */
const ownerIds = cacheKind<string[]>({ name: "owners", ttlMs: 600_000, graceMs: 86_400_000, isTagged: false });

/** Lets only the application's owner pass, or the members of the team that owns it. */
export const owners = ownerOnly<Invocation>(async ({ cache, discord }) => {
  const ids = await cache.of(ownerIds).get("all", async () => {
    const { owner, team } = await discord.get<Application>("/applications/@me");
    return team ? team.members.map(({ user }) => user.id) : owner ? [owner.id] : [];
  });
  return ids ?? [];
});
