import { isStreamId } from "../../pubsub/index.ts";
import { groupOf } from "../actions/letters.ts";
import type { AdminServices } from "../services.ts";
import type { LetterGroup } from "./lists.tsx";

/**
 * Returns the groups that features deliver, each with its first dead letters; with a name, that group alone, delivered by a feature
 * or not, behind the dead letter `after`.
 * Cost: 2 commands for each group, 1 round trip.
 */
export function readLetterGroups(services: AdminServices, name?: string, after?: string): Promise<LetterGroup[]> {
  const named = name === undefined ? undefined : groupOf(services, { group: name });
  const groups = named ? [named] : [...services.groups.values()];
  const isId = after !== undefined && isStreamId(after);
  return Promise.all(
    groups.map(async (group) => {
      const page = { count: named ? perGroupAlone : perGroup, ...(isId && { after }) };
      const [count, letters] = await Promise.all([group.deadLetterCount(), group.deadLetters(page)]);
      return { name: group.name, count, letters, isReplayable: services.groups.has(group.name) };
    }),
  );
}

// --- Internal helpers ---

const perGroup = 20;
const perGroupAlone = 50;
