import { type Group, isStreamId } from "../../pubsub/index.ts";
import type { AdminServices } from "../services.ts";
import {
  type Action,
  type ActionInput,
  type ActionResult,
  counted,
  done,
  invalid,
  keptRequests,
  missing,
  unconfirmed,
} from "./action.ts";

/**
 * Runs the group's handlers with a dead letter, or with all of them as far as the requests of this invocation go. One replay of a
 * group goes on at a time: a second click would deliver a message twice.
 * Cost: 4 commands, 4 round trips for one, and what its handlers cost; 21 commands, 3 round trips for each ten of all.
 */
export const replayLetters: Action = async (services, input) => {
  const group = services.groups.get(input["group"] ?? "");
  if (!group) return missing(`No feature of this bot delivers the group ${JSON.stringify(input["group"] ?? "")}.`);
  const { redis, prefix } = services;
  const key = `${prefix}a:replay:${group.name}`;
  if ((await redis.exec(["SET", key, "1", "NX", "PX", longestReplayMs])) === null) {
    return invalid(`Dead letters of ${group.name} are being replayed right now. Look again in a minute.`);
  }
  try {
    return await replayAlone(services, group, input);
  } finally {
    // Where this fails, the key ends by its life.
    await redis.exec(["DEL", key]).catch(() => {});
  }
};

/** Deletes a dead letter, or all of them. Cost: 1 command, 1 round trip for one; 2 and 2 for each 500 of all, and 1 and 1. */
export const dropLetters: Action = async (services, input) => {
  const group = groupOf(services, input);
  if (!group) return invalid("Name the group.");
  if (input["id"] !== undefined) {
    const dropped = isStreamId(input["id"]) ? await group.discard([input["id"]]) : 0;
    return dropped > 0 ? done(1, `A dead letter of ${group.name} was dropped.`) : missing(gone);
  }
  const total = await group.deadLetterCount();
  if (total === 0) return missing(`${group.name} has no dead letters.`);
  const question = unconfirmed(input, total, `Drop ${counted(total, "dead letter")} of ${group.name}, unread?`);
  if (question) return question;
  let dropped = 0;
  while (dropped < total && services.left() > keptRequests) {
    const letters = await group.deadLetters({ count: Math.min(500, total - dropped) });
    if (letters.length === 0) break;
    dropped += await group.discard(letters.map((letter) => letter.id));
  }
  return done(dropped, `${counted(dropped, "dead letter")} of ${group.name} dropped.`);
};

/** Returns a group by its name, delivered by a feature or not; `undefined` for a text that names none. */
export function groupOf(
  { groups, pubsub }: Pick<AdminServices, "groups" | "pubsub">,
  input: ActionInput,
): Group | undefined {
  const name = input["group"] ?? "";
  return groups.get(name) ?? (/^[\w.:-]{1,64}$/.test(name) ? pubsub.group(name) : undefined);
}

// --- Internal helpers ---

async function replayAlone(services: AdminServices, group: Group, input: ActionInput): Promise<ActionResult> {
  const { id } = input;
  if (id !== undefined) {
    if (!isStreamId(id)) return missing(gone);
    const { replayed, failed } = await group.replay({ ids: [id] });
    if (replayed + failed === 0) return missing(gone);
    if (failed === 0) return done(1, `A dead letter of ${group.name} was delivered.`);
    return done(0, `A dead letter of ${group.name} failed again, and is kept.`);
  }
  const total = await group.deadLetterCount();
  if (total === 0) return missing(`${group.name} has no dead letters.`);
  const question = unconfirmed(input, total, `Replay ${counted(total, "dead letter")} of ${group.name}?`);
  if (question) return question;
  let [replayed, failed, after]: [number, number, string | undefined] = [0, 0, undefined];
  while (replayed + failed < total && services.left() > keptRequests + replayPage) {
    const letters = await group.deadLetters({ count: replayPage, ...(after !== undefined && { after }) });
    after = letters.at(-1)?.id;
    if (after === undefined) break;
    const result = await group.replay({ ids: letters.map((letter) => letter.id) });
    replayed += result.replayed;
    failed += result.failed;
  }
  const left = Math.max(0, total - replayed - failed);
  const parts = [
    `${counted(replayed, "dead letter")} of ${group.name} delivered`,
    failed > 0 && `${failed} failed again and are kept`,
    left > 0 && `${left.toLocaleString("en-GB")} are left for another go`,
  ];
  return done(replayed, `${parts.filter(Boolean).join("; ")}.`);
}

/** A replay may send a request to Discord for each letter. */
const replayPage = 10;
/** No invocation lasts longer than this, in milliseconds. */
const longestReplayMs = 120_000;
const gone = "This dead letter is gone: it was replayed or dropped already.";
