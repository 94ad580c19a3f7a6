import type { Context as HonoContext } from "hono";
import { discordErrors } from "../errors.ts";

/** A request's JSON, from the body itself or from `payload_json` beside the files of a multipart body. */
export async function readBody<T>(c: HonoContext): Promise<{ body: T; files: File[] }> {
  const type = c.req.header("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await c.req.formData();
    const files = [...form.entries()].flatMap(([name, value]) =>
      /^files\[\d+\]$/.test(name) && value instanceof File ? [value] : [],
    );
    const part = form.get("payload_json");
    return { body: parse(typeof part === "string" ? part : "{}") as T, files };
  }
  if (!type.startsWith("application/json")) {
    throw discordErrors.invalidForm({
      path: "",
      code: "CONTENT_TYPE_INVALID",
      message: 'Expected "Content-Type" header to be one of {application/json, multipart/form-data}.',
    });
  }
  return { body: parse(await c.req.text()) as T, files: [] };
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
