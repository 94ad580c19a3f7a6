import { compareAndDelete } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";
import { isOwner } from "./ids.ts";
import { type Living, noteOwner, readLiving, readRoster, rewriteRoster } from "./roster.ts";

/** Sessions and whose they are, as they were found one after the other. */
export interface SessionStatistics {
  sessions: number;
  owners: number;
  /** How many each owner has, by their id; owners without any are not in it. */
  perOwner: ReadonlyMap<string, number>;
  /** How many there are of each kind. */
  perKind: ReadonlyMap<string, number>;
}

/** An owner's sessions that are there, the oldest first; those that are not leave the roster behind the answer. 2/2. */
export async function readOwned(host: SessionHost, owner: string): Promise<Living[]> {
  if (!isOwner(owner)) return [];
  const roster = await host.redis().get<string>(host.keys.roster(owner));
  if (roster === null) return [];
  const living = await readLiving(host, readRoster(roster));
  if (living.length < readRoster(roster).length) {
    host.waitUntil(rewriteRoster(host, owner, roster, idsOf(living)).catch(() => false));
  }
  return living;
}

/**
 * Every owner with a roster, and their sessions that are there, a hundred owners at a time in the order of their ids. 2
 * commands in 2 round trips for each hundred owners, and 1/1 for every hundred sessions.
 */
export async function* walk(
  host: SessionHost,
): AsyncGenerator<{ owner: string; roster: string | null; living: Living[] }> {
  let from = "-";
  for (;;) {
    const owners = await host
      .redis()
      .exec<string[]>(["ZRANGE", host.keys.owners, from, "+", "BYLEX", "LIMIT", "0", String(pageSize)]);
    if (owners.length === 0) return;
    const rosters = await host.redis().mget<(string | null)[]>(...owners.map((owner) => host.keys.roster(owner)));
    const records = rosters.map((roster) => readRoster(roster ?? ""));
    const living = Map.groupBy(await readLiving(host, records.flat()), ({ head }) => head.owner);
    for (const [index, owner] of owners.entries()) {
      yield { owner, roster: rosters[index] ?? null, living: living.get(owner) ?? [] };
    }
    from = `(${owners.at(-1)}`;
  }
}

/** How many sessions there are, and whose. Costs what `walk` does. */
export async function statisticsOf(host: SessionHost): Promise<SessionStatistics> {
  const perOwner = new Map<string, number>();
  const perKind = new Map<string, number>();
  let sessions = 0;
  for await (const { owner, living } of walk(host)) {
    if (living.length > 0) perOwner.set(owner, living.length);
    for (const { head } of living) perKind.set(head.kind, (perKind.get(head.kind) ?? 0) + 1);
    sessions += living.length;
  }
  return { sessions, owners: perOwner.size, perOwner, perKind };
}

/**
 * Takes what is over off all rosters, and owners without sessions off the list of owners; says how many records went. Costs
 * what `walk` does, and up to 3 commands for each owner with something to take away.
 */
export async function cleanUp(host: SessionHost): Promise<number> {
  let count = 0;
  for await (const { owner, roster, living } of walk(host)) {
    const over = readRoster(roster ?? "").length - living.length;
    if (living.length === 0) await forget(host, owner, roster);
    else if (over > 0) await rewriteRoster(host, owner, roster ?? "", idsOf(living));
    count += over;
  }
  return count;
}

// --- Internal helpers ---

const pageSize = 100;

const idsOf = (living: readonly Living[]): ReadonlySet<string> => new Set(living.map(({ head }) => head.id));

/** Takes an owner off the list, and puts them back if they began a session while that happened. */
async function forget(host: SessionHost, owner: string, roster: string | null): Promise<void> {
  const key = host.keys.roster(owner);
  if (roster !== null && !(await compareAndDelete(host.redis(), key, roster))) return;
  const [, isBack] = await Promise.all([host.redis().zrem(host.keys.owners, owner), host.redis().exists(key)]);
  if (isBack === 1) await noteOwner(host, owner);
}
