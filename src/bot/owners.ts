import { cacheKind } from "../cache/index.ts";
import { ownerOnly } from "../discord/index.ts";
import type { Invocation } from "../runtime/index.ts";

interface Application {
  owner?: { id: string };
  team?: { owner_user_id: string; members: TeamMember[] } | null;
}

interface TeamMember {
  user: { id: string };
  membership_state: number;
  role: string;
}

/** https://docs.discord.com/developers/topics/teams#data-models-membership-state-enum */
const accepted = 2;
/** The roles besides the owner's that may change the application. Those with `read_only` may look at it. */
const rolesInCharge: readonly string[] = ["admin", "developer"];

/** Asked of Discord once in ten minutes; kept for a day while Discord does not answer. */
const ownerIds = cacheKind<string[]>({ name: "owners", ttlMs: 600_000, graceMs: 86_400_000, isTagged: false });

/**
 * Lets only the application's owner pass. Where a team owns it: the team's owner, and members who accepted the invitation as
 * admins or developers.
 */
export const owners = ownerOnly<Invocation>(async ({ cache, discord }) => {
  const ids = await cache.of(ownerIds).get("all", async () => {
    const { owner, team } = await discord.get<Application>("/applications/@me");
    return team ? inCharge(team) : owner ? [owner.id] : [];
  });
  return ids ?? [];
});

// --- Internal helpers ---

const inCharge = ({ owner_user_id: owner, members }: NonNullable<Application["team"]>): string[] =>
  members
    .filter(
      ({ membership_state: state, role, user }) =>
        state === accepted && (user.id === owner || rolesInCharge.includes(role)),
    )
    .map(({ user }) => user.id);
