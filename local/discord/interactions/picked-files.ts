import type { APIAttachment } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { keepFile, maxFileBytes } from "../messages/uploads.ts";
import { LineError } from "./line-error.ts";

/** A file that a person attaches. */
export interface PickedFile {
  name: string;
  /** The MIME type. Default: `application/octet-stream`. */
  type?: string;
  data: string | Uint8Array<ArrayBuffer>;
}

/**
 * File name extensions by the kinds in `file_types`. Discord looks at the extension alone.
 * https://docs.discord.com/developers/reference#file-type-filtering
 */
const extensions: Record<string, string> = {
  image: "png gif jpg jpeg jfif webp avif",
  video: "mp4 mov qt webm",
  audio: "mp3 m4a wav ogg opus flac",
};

/** Throws a `LineError` for a file larger than Discord's client sends. */
export function checkSize({ name, data }: PickedFile): void {
  if (Buffer.byteLength(data) > maxFileBytes)
    throw new LineError(`${name} is too large: the limit is ${maxFileBytes / 1_048_576} MiB.`);
}

/** Throws a `LineError` for a file whose extension is not among these types. */
export function checkType(name: string, fileTypes: unknown): void {
  const types = Array.isArray(fileTypes) ? fileTypes.map(String) : [];
  const extension = name.toLowerCase().replace(/^.*\./su, "");
  const isFit = types.some((type) =>
    type.startsWith(".") ? type.toLowerCase() === `.${extension}` : extensions[type]?.split(" ").includes(extension),
  );
  if (types.length > 0 && !isFit)
    throw new LineError(`${name} cannot be attached here. Accepted: ${types.join(", ")}.`);
}

/** Keeps an uploaded file as an ephemeral attachment. */
export const keepPicked = (
  context: Context,
  channelId: string,
  { name, type = "", data }: PickedFile,
): Promise<APIAttachment> => keepFile(context, new File([data], name, { type }), { channelId, isEphemeral: true });
