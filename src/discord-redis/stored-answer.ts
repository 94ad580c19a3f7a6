import type { Claim, FileUpload, Message, Outgoing } from "../discord/index.ts";
import { fromBase64, toBase64 } from "../platform/index.ts";

// An answer as it is stored: JSON, its files as base64. A claim has `claimedBy` in place of an answer.

interface StoredFile extends Omit<FileUpload, "data"> {
  base64: string;
}
interface StoredAnswer {
  type: number;
  data?: object;
  files?: StoredFile[];
}

/** Returns what a stored value says about an interaction. Throws for a value that is no claim and no answer. */
export function readClaim(stored: string): Claim {
  const value: unknown = JSON.parse(stored);
  if (isClaim(value)) return { state: "running" };
  if (!isAnswer(value)) throw new TypeError("The stored answer is unreadable");
  const { type, data, files } = value;
  if (!data) return { state: "answered", answer: { type } };
  const restored = files?.map(({ base64, ...file }) => ({ ...file, data: fromBase64(base64) }));
  return { state: "answered", answer: { type, data: { ...data, ...(restored && { files: restored }) } } };
}

/** Returns an answer as text, with its files. */
export async function writeAnswer({ type, data }: Outgoing): Promise<string> {
  const { files, ...rest } = (data ?? {}) as Message;
  const kept = files && (await Promise.all(files.map(writeFile)));
  return JSON.stringify({ type, ...(data && { data: rest }), ...(kept && { files: kept }) } satisfies StoredAnswer);
}

// --- Internal helpers ---

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isClaim = (value: unknown): boolean => isObject(value) && typeof value["claimedBy"] === "string";

function isAnswer(value: unknown): value is StoredAnswer {
  if (!isObject(value)) return false;
  const { type, data, files } = value;
  const hasFiles = Array.isArray(files) && files.every(isFile);
  return typeof type === "number" && (data === undefined || isObject(data)) && (files === undefined || hasFiles);
}

const isFile = (value: unknown): boolean =>
  isObject(value) && typeof value["name"] === "string" && typeof value["base64"] === "string";

async function writeFile({ data, ...file }: FileUpload): Promise<StoredFile> {
  const bytes = await new Blob([data]).bytes();
  return { ...file, base64: toBase64(bytes) };
}
