import type { AnswerStore, Outgoing } from "../discord/index.ts";
import { type ClaimCommands, setOnce } from "./claim.ts";
import { createKeys } from "./keys.ts";
import { readClaim, writeAnswer } from "./stored-answer.ts";

export interface AnswerStoreOptions {
  redis(): ClaimCommands;
  /** Begins every key. */
  prefix: string;
  createId?(): string;
}

/** As long as Discord takes an answer, and a while more than a recorded request can be sent again. */
const lifeMs = 20 * 60_000;
/** A duplicate of a larger answer reads that it was answered already. */
const maxCharacters = 512 * 1024;

/**
 * Returns a store of the first answers of interactions that run once, under `i:<interactionId>` for 20 minutes: a claim,
 * then the answer. A stored value that is unreadable makes `claim` reject.
 * Cost: 1 command, 1 round trip for each claim and each answer; after a lost reply to a claim 1 more, or 2 more where the
 * command never arrived.
 */
export function createAnswerStore({
  redis,
  prefix,
  createId = () => crypto.randomUUID(),
}: AnswerStoreOptions): AnswerStore {
  const keys = createKeys(prefix);
  return {
    async claim(interactionId) {
      const claim = JSON.stringify({ claimedBy: createId() });
      const stored = await setOnce(redis(), keys.answer(interactionId), claim, lifeMs);
      return stored === null ? { state: "first" } : readClaim(stored);
    },
    async keep(interactionId, answer) {
      const text = await writeAnswer(answer);
      const kept = text.length <= maxCharacters ? text : await writeAnswer(tooLarge);
      await redis().set(keys.answer(interactionId), kept, { px: lifeMs });
    },
  };
}

// --- Internal helpers ---

const tooLarge: Outgoing = {
  type: 4,
  data: { content: "This was answered already, with files that were too large to keep.", flags: 64 },
};
