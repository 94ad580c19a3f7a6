import type { AnswerStore, Claim, FileUpload, Message, Outgoing } from "../discord/index.ts";
import { fromBase64, toBase64 } from "../platform/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";
import { createKeys } from "./keys.ts";

export interface AnswerStoreOptions {
  redis(): Pick<RedisCommands, "get" | "set">;
  prefix: string;
  createId?(): string;
}

/** As long as Discord takes an answer, and a while more than a recorded request can be sent again. */
const lifeMs = 20 * 60_000;
/** A larger answer is not kept: a duplicate of it is told so. */
const maxCharacters = 512 * 1024;

/**
 * Returns a store of the first answers of interactions that run once, under `i:<interactionId>` for 20 minutes: a claim, then
 * the answer.
 * Cost: 1 command, 1 round trip for each claim and each answer; a lost reply adds 1/1.
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
      const key = keys.answer(interactionId);
      const set = () => redis().set(key, claim, { nx: true, get: true, px: lifeMs });
      try {
        return readClaim(await set());
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        // The reply was lost: the stored value says whether the claim was taken.
        const stored = await redis().get<string>(key);
        return stored === claim ? { state: "first" } : readClaim(stored ?? (await set()));
      }
    },
    async keep(interactionId, answer) {
      const text = await write(answer);
      await redis().set(keys.answer(interactionId), text.length <= maxCharacters ? text : await write(tooLarge), {
        px: lifeMs,
      });
    },
  };
}

// --- Internal helpers ---

const tooLarge: Outgoing = {
  type: 4,
  data: { content: "This was answered already, with files that were too large to keep.", flags: 64 },
};

interface StoredFile extends Omit<FileUpload, "data"> {
  base64: string;
}
interface Stored {
  type?: number;
  data?: object;
  files?: StoredFile[];
}

function readClaim(stored: string | null): Claim {
  if (stored === null) return { state: "first" };
  const { type, data, files } = JSON.parse(stored) as Stored;
  if (type === undefined) return { state: "running" };
  if (!data) return { state: "answered", answer: { type } };
  const restored = files?.map(({ base64, ...file }) => ({ ...file, data: fromBase64(base64) }));
  return { state: "answered", answer: { type, data: { ...data, ...(restored && { files: restored }) } } };
}

async function write({ type, data }: Outgoing): Promise<string> {
  const { files, ...rest } = (data ?? {}) as Message;
  const kept = files && (await Promise.all(files.map(writeFile)));
  return JSON.stringify({ type, ...(data && { data: rest }), ...(kept && { files: kept }) } satisfies Stored);
}

async function writeFile({ data, ...file }: FileUpload): Promise<StoredFile> {
  const bytes = await new Blob([data]).bytes();
  return { ...file, base64: toBase64(bytes) };
}
