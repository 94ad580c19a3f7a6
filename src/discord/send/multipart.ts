import type { FileUpload } from "../answer.ts";

/**
 * Returns a JSON body with its files as Discord takes them: https://docs.discord.com/developers/reference#uploading-files
 */
export function toMultipart(json: unknown, files: readonly FileUpload[]): FormData {
  const form = new FormData();
  // As text: a Blob would get a file name, and Discord would take it for a file.
  form.append("payload_json", JSON.stringify(json));
  for (const [index, { name, data, type }] of files.entries()) {
    const blob = new Blob([data], { type: type ?? (data instanceof Blob ? data.type : "application/octet-stream") });
    form.append(`files[${index}]`, blob, name);
  }
  return form;
}

/** Splits a message into its JSON and its files. */
export function splitFiles<T extends object>(message: T): { json: Omit<T, "files">; files: readonly FileUpload[] } {
  const { files = [], ...json } = message as T & { files?: readonly FileUpload[] };
  return { json: json, files };
}
