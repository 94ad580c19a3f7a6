import type { AnswerStore, Claim, FileUpload, Message, Outgoing } from "../discord/index.ts";
import { type RedisCommands, RedisUnknownOutcomeError } from "../redis/index.ts";

export interface AnswerStoreOptions {
  redis: () => RedisCommands;
  keyPrefix: string;
  createId?: () => string;
}

/** As long as Discord takes an answer, and a while more than a recorded request can be sent again. */
const lifeMs = 20 * 60_000;
/** A larger answer is not kept: a duplicate of it is told so. */
const maxCharacters = 512 * 1024;

/**
 * First answers of interactions that run once, under `i:<interactionId>`: a claim, then the answer. Claim: 1 command, in
 * the round trip of whatever else is asked in that tick. Keep: 1 command.
 */
export function createAnswerStore({
  redis,
  keyPrefix,
  createId = () => crypto.randomUUID(),
}: AnswerStoreOptions): AnswerStore {
  const keyOf = (interactionId: string) => `${keyPrefix}i:${interactionId}`;

  return {
    async claim(interactionId) {
      const claim = JSON.stringify({ claimedBy: createId() });
      const key = keyOf(interactionId);
      const set = () => redis().set(key, claim, { nx: true, get: true, px: lifeMs });
      try {
        return readClaim(await set());
      } catch (error) {
        if (!(error instanceof RedisUnknownOutcomeError)) throw error;
        // The answer was lost: whoever stands there now says whether the claim was taken.
        const standing = await redis().get<string>(key);
        return standing === claim ? { state: "first" } : readClaim(standing ?? (await set()));
      }
    },
    async keep(interactionId, answer) {
      const text = await write(answer);
      await redis().set(keyOf(interactionId), text.length <= maxCharacters ? text : await write(tooLarge), {
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

function readClaim(standing: string | null): Claim {
  if (standing === null) return { state: "first" };
  const { type, data, files } = JSON.parse(standing) as Stored;
  if (type === undefined) return { state: "running" };
  if (!data) return { state: "answered", answer: { type } };
  const restored = files?.map(({ base64, ...file }) => ({ ...file, data: Uint8Array.fromBase64(base64) }));
  return { state: "answered", answer: { type, data: { ...data, ...(restored && { files: restored }) } } };
}

async function write({ type, data }: Outgoing): Promise<string> {
  const { files, ...rest } = (data ?? {}) as Message;
  const kept = files && (await Promise.all(files.map(writeFile)));
  return JSON.stringify({ type, ...(data && { data: rest }), ...(kept && { files: kept }) } satisfies Stored);
}

async function writeFile({ data, ...file }: FileUpload): Promise<StoredFile> {
  const bytes = await new Blob([data]).bytes();
  return { ...file, base64: bytes.toBase64() };
}
