import { createLogins } from "../login/logins.ts";
import { type Action, counted, done, invalid, missing, unconfirmed } from "./action.ts";

/** Forgets what the cache holds of a guild, of a kind, or everything. Cost: 2 commands, 1 round trip. */
export const invalidateCache: Action = async ({ cache, kinds }, { guild, kind, everything }) => {
  if (guild !== undefined) {
    if (!/^\d{17,20}$/.test(guild)) return invalid("A server's id has 17 to 20 digits. Copy it from Discord.");
    await cache.invalidate(`guild:${guild}`);
    return done(1, `The cache has forgotten the server ${guild}.`);
  }
  if (kind !== undefined) {
    if (!kinds.includes(kind)) return invalid(`There is no kind ${JSON.stringify(kind)}: ${kinds.join(", ")}.`);
    await cache.clearKind(kind);
    return done(1, `The cache has forgotten all of the kind ${kind}.`);
  }
  if (everything !== "yes") return invalid("Name a guild or a kind, or everything=yes.");
  await cache.clear();
  return done(1, "The cache has forgotten everything.");
};

/** Ends all sessions of a person. Cost: 3 commands, 3 round trips. */
export const endSessions: Action = async ({ sessions }, input) => {
  const owner = input["owner"] ?? "";
  if (!/^\d{17,20}$/.test(owner)) return invalid("A person's id has 17 to 20 digits. Copy it from Discord.");
  const count = await sessions.count(owner);
  if (count === 0) return missing(`${owner} has no sessions.`);
  const question = unconfirmed(input, count, `End ${counted(count, "session")} of ${owner}?`);
  if (question) return question;
  await sessions.endAll(owner);
  return done(count, `${counted(count, "session")} of ${owner} ended.`);
};

/** Ends a login to these pages. Cost: 2 commands, 2 round trips. */
export const endLogin: Action = async (services, { id = "" }) =>
  (await createLogins(services).end(id)) ? done(1, "A login was ended.") : missing("This login has ended already.");
