import type { APIAttachment } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { isFields, join, wrong } from "../validate/checks.ts";

/** A file of a multipart body: `files[n]` with its `n`. */
export interface Upload {
  id: number;
  file: File;
}

/** What a message body says of an attachment: of a new one by its `n`, of one to keep by its id. */
interface Described {
  id?: string | number;
  filename?: string;
  description?: string;
  is_spoiler?: boolean;
}

/** The multipart fields that are files. */
export const uploadsIn = (form: FormData): Upload[] =>
  [...form.entries()].flatMap(([name, value]) => {
    const id = /^files\[(\d+)\]$/.exec(name)?.[1];
    return id !== undefined && value instanceof File ? [{ id: Number(id), file: value }] : [];
  });

/** Keeps files, and gives back what stands for them in a message. What `attachments` says of them must be of one there is. */
export async function keepUploads(
  context: Context,
  uploads: readonly Upload[],
  described: unknown,
  { channelId, path, isEphemeral }: { channelId: string; path: string; isEphemeral: boolean },
): Promise<APIAttachment[]> {
  const descriptions = (Array.isArray(described) ? described.filter(isFields) : []) as Described[];
  const isNew = ({ id }: Described) => String(id).length < 15;
  const unknown = descriptions.find((one) => isNew(one) && !uploads.some(({ id }) => String(id) === String(one.id)));
  if (unknown) {
    throw discordErrors.invalidForm(
      wrong(join(path, "attachments"), "ATTACHMENT_NOT_FOUND", `Attachment id ${String(unknown.id)} has no file.`),
    );
  }
  return Promise.all(
    uploads.map(async ({ id, file }) => {
      const about = descriptions.find((one) => String(one.id) === String(id));
      return keepFile(context, file, { channelId, isEphemeral, about });
    }),
  );
}

/** Keeps one file where `GET /attachments/…` finds it. */
export async function keepFile(
  { files, createId, publicUrl }: Context,
  file: Blob & { name: string },
  { channelId, isEphemeral, about }: { channelId: string; isEphemeral: boolean; about?: Described | undefined },
): Promise<APIAttachment> {
  const id = createId();
  const filename = (about?.filename ?? file.name).replaceAll(/[^\w.-]/g, "_") || "file";
  const name = about?.is_spoiler ? `SPOILER_${filename}` : filename;
  const path = `${channelId}/${id}/${name}`;
  files.set(path, { bytes: await file.arrayBuffer(), type: file.type || "application/octet-stream" });
  const url = `${publicUrl()}/attachments/${path}`;
  return {
    id,
    filename: name,
    size: file.size,
    url,
    proxy_url: url,
    content_type: file.type || "application/octet-stream",
    ...(about?.description !== undefined && { description: about.description }),
    ...(isEphemeral && { ephemeral: true }),
  };
}

/** Of a message's attachments those that an edit lists; all of them when it lists none. */
export function keptAttachments(before: readonly APIAttachment[], listed: unknown): APIAttachment[] {
  if (!Array.isArray(listed)) return [...before];
  const ids = new Set(listed.filter(isFields).map(({ id }) => String(id)));
  return before.filter(({ id }) => ids.has(id));
}
