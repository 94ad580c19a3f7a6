import { type APIAttachment, AttachmentFlags } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { type Fields, isFields, join, wrong } from "../validate/checks.ts";

/** A file of a multipart body; `id` is the n of `files[n]`. */
export interface Upload {
  id: number;
  file: File;
}

/** The limit for one file. The higher limits of boosted guilds and subscribers are not simulated. */
export const maxFileBytes = 10 * 1_048_576;
const maxRequestBytes = 25 * 1_048_576;

/**
 * An entry of `attachments` in a body: a new file by the n of `files[n]`, or one to keep by its ID.
 * https://docs.discord.com/developers/resources/message#attachment-object-attachment-request-structure
 */
interface Described {
  id?: string | number;
  filename?: string;
  description?: string | null;
  is_spoiler?: boolean | null;
}

/** Returns the files of a multipart body. */
export const uploadsIn = (form: FormData): Upload[] =>
  [...form.entries()].flatMap(([name, value]) => {
    const id = /^files\[(\d+)\]$/.exec(name)?.[1];
    return id !== undefined && value instanceof File ? [{ id: Number(id), file: value }] : [];
  });

/**
 * Returns the names under which files will be stored. Throws Discord's error for files that are too large and for
 * entries of `attachments` without a file.
 */
export function checkUploads(
  uploads: readonly Upload[],
  described: unknown,
  { path, before = [] }: { path: string; before?: readonly APIAttachment[] },
): Fields[] {
  const sizes = uploads.map(({ file }) => file.size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > maxRequestBytes || sizes.some((size) => size > maxFileBytes)) throw discordErrors.tooLarge();
  const known = new Set([...uploads, ...before].map(({ id }) => String(id)));
  const errors = listOf(described).flatMap(({ id }, index) =>
    known.has(String(id))
      ? []
      : [wrong(join(path, `attachments.${index}`), "ATTACHMENT_NOT_FOUND", `Attachment id ${String(id)} has no file.`)],
  );
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
  return uploads.map((upload) => ({ filename: nameOf(upload.file.name, aboutOf(upload, described)) }));
}

/** Keeps files and returns them as the attachments of a message. */
export async function keepUploads(
  context: Context,
  uploads: readonly Upload[],
  described: unknown,
  { channelId, isEphemeral }: { channelId: string; isEphemeral: boolean },
): Promise<APIAttachment[]> {
  return Promise.all(
    uploads.map((upload) =>
      keepFile(context, upload.file, { channelId, isEphemeral, about: aboutOf(upload, described) }),
    ),
  );
}

/** Keeps one file for `GET /attachments/…` and returns it as an attachment. */
export async function keepFile(
  { files, createId, publicUrl }: Context,
  file: Blob & { name: string },
  { channelId, isEphemeral, about }: { channelId: string; isEphemeral: boolean; about?: Described | undefined },
): Promise<APIAttachment> {
  const id = createId();
  const filename = nameOf(file.name, about);
  const path = `${channelId}/${id}/${filename}`;
  const type = file.type || "application/octet-stream";
  files.set(path, { bytes: await file.arrayBuffer(), type });
  const url = `${publicUrl()}/attachments/${path}`;
  return {
    id,
    filename,
    size: file.size,
    url,
    proxy_url: url,
    content_type: type,
    ...(typeof about?.description === "string" && { description: about.description }),
    ...(isEphemeral && { ephemeral: true }),
    ...flagsOf(filename, about?.is_spoiler === true),
  };
}

/**
 * Returns the attachments that an edit keeps: those it lists, or all when it has no list. An entry can change the description
 * and the spoiler's mark.
 */
export function keptAttachments(before: readonly APIAttachment[], listed: unknown): APIAttachment[] {
  if (listed === undefined) return [...before];
  const entries = new Map(listOf(listed).map((entry) => [String(entry.id), entry]));
  return before.flatMap((attachment) => {
    const entry = entries.get(attachment.id);
    return entry ? [edited(attachment, entry)] : [];
  });
}

// --- Internal helpers ---

const listOf = (described: unknown): Described[] => (Array.isArray(described) ? described.filter(isFields) : []);

const aboutOf = ({ id }: Upload, described: unknown): Described | undefined =>
  listOf(described).find((one) => String(one.id) === String(id));

function edited(attachment: APIAttachment, { description, is_spoiler }: Described): APIAttachment {
  const { description: oldText, flags = 0, ...rest } = attachment;
  const text = description === undefined ? oldText : description;
  const isSpoiler = is_spoiler ?? (flags & AttachmentFlags.IsSpoiler) !== 0;
  return { ...rest, ...(typeof text === "string" && { description: text }), ...flagsOf(rest.filename, isSpoiler) };
}

/** The mark of a spoiler is a flag. The prefix of the name that marked one formerly still sets it. */
const flagsOf = (filename: string, isSpoiler: boolean): { flags?: AttachmentFlags } =>
  isSpoiler || filename.startsWith("SPOILER_") ? { flags: AttachmentFlags.IsSpoiler } : {};

/** Discord replaces every character but letters, digits, dots, dashes and underscores. */
const nameOf = (own: string, about: Described | undefined): string =>
  (about?.filename ?? own).replaceAll(/[^\w.-]/g, "_") || "file";
