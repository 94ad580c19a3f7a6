import { ownerOnly } from "../discord/index.ts";
import type { Invocation } from "../runtime/index.ts";

interface Application {
  owner?: { id: string };
  team?: { members: { user: { id: string } }[] } | null;
}

/** Only for whoever owns the application, or is in the team that does; Discord is asked once in ten minutes. */
export const owners = ownerOnly<Invocation>(async ({ cache, discord }) => {
  const known = cache.namespace<string[]>({ name: "owners", ttlMs: 600_000, graceMs: 86_400_000, isTagged: false });
  const ids = await known.get("all", async () => {
    const { owner, team } = await discord.get<Application>("/applications/@me");
    return team ? team.members.map(({ user }) => user.id) : owner ? [owner.id] : [];
  });
  return ids ?? [];
});
