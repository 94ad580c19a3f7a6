import type { Context as HonoContext } from "hono";
import { discordErrors } from "../errors.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";

/** A request's JSON, from the body itself or from `payload_json` beside the files of a multipart body. */
export async function readBody<T>(c: HonoContext): Promise<{ body: T; uploads: Upload[] }> {
  const type = c.req.header("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await c.req.formData().catch(() => {
      throw discordErrors.invalidJson();
    });
    const part = form.get("payload_json");
    const text = typeof part === "string" ? part : ((await part?.text()) ?? "{}");
    return { body: parse(text) as T, uploads: uploadsIn(form) };
  }
  if (!type.startsWith("application/json")) {
    throw discordErrors.invalidForm({
      path: "",
      code: "CONTENT_TYPE_INVALID",
      message: 'Expected "Content-Type" header to be one of {application/json, multipart/form-data}.',
    });
  }
  return { body: parse(await c.req.text()) as T, uploads: [] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw discordErrors.invalidJson();
  }
}

/** A query's flag: Discord takes `true`, `True` and `1`. */
export const isTrue = (value: string | undefined): boolean => /^(true|1)$/i.test(value ?? "");
