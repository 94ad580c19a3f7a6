import type { FileUpload } from "../answer.ts";

/** A JSON body with its files, as Discord takes them: https://docs.discord.com/developers/reference#uploading-files */
export function toMultipart(json: unknown, files: readonly FileUpload[]): FormData {
  const form = new FormData();
  // As text: a Blob would get a file name, and Discord takes what has one for a file.
  form.append("payload_json", JSON.stringify(json));
  for (const [index, { name, data, type }] of files.entries()) {
    const blob = new Blob([data], { type: type ?? (data instanceof Blob ? data.type : "application/octet-stream") });
    form.append(`files[${index}]`, blob, name);
  }
  return form;
}

/** Takes the files out of a message: what is JSON, and what goes beside it. */
export function splitFiles<T extends object>(message: T): { json: Omit<T, "files">; files: readonly FileUpload[] } {
  const { files = [], ...json } = message as T & { files?: readonly FileUpload[] };
  return { json: json, files };
}
