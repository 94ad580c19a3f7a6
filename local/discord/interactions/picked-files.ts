import type { APIAttachment } from "discord-api-types/v10";
import type { Context } from "../context.ts";
import { keepFile, maxFileBytes } from "../messages/uploads.ts";
import { LineError } from "./line-error.ts";

/** A file that a person picks. */
export interface PickedFile {
  name: string;
  type?: string;
  data: string | Uint8Array<ArrayBuffer>;
}

/** Extensions by the kinds that `file_types` names; Discord looks at nothing else. */
const extensions: Record<string, string> = {
  image: "png jpg jpeg gif webp avif bmp heic svg",
  video: "mp4 mov webm mkv avi m4v",
  audio: "mp3 ogg wav flac m4a opus aac",
};

/** Refuses a file that the person's client would not let them send. */
export function checkSize({ name, data }: PickedFile): void {
  const size = typeof data === "string" ? Buffer.byteLength(data) : data.byteLength;
  if (size > maxFileBytes) throw new LineError(`${name} is too large: ${maxFileBytes / 1_048_576} MiB are the limit.`);
}

/** Refuses a file that is not of these types, as far as its name says. */
export function checkType(name: string, fileTypes: unknown): void {
  const types = Array.isArray(fileTypes) ? fileTypes.map(String) : [];
  const extension = name.toLowerCase().split(".").at(-1) ?? "";
  const isFit = types.some((type) =>
    type.startsWith(".") ? type.toLowerCase() === `.${extension}` : extensions[type]?.split(" ").includes(extension),
  );
  if (types.length > 0 && !isFit) throw new LineError(`${name} cannot be picked here: only ${types.join(", ")}.`);
}

/** Keeps a file; what a person uploads is theirs alone. */
export const keepPicked = (
  context: Context,
  channelId: string,
  { name, type, data }: PickedFile,
): Promise<APIAttachment> =>
  keepFile(context, new File([data], name, { type: type ?? "" }), { channelId, isEphemeral: true });
