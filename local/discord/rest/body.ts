import type { Context as HonoContext } from "hono";
import { discordErrors } from "../errors.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";
import { type Check, type Fields, fieldsOf } from "../validate/checks.ts";

/** A request's JSON as an object that passes a check; Discord's errors otherwise. */
export async function readFields(c: HonoContext, check: Check = () => []): Promise<Fields> {
  const { body } = await readBody<unknown>(c);
  const fields = fieldsOf(body);
  const errors = check(fields, "");
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
  return fields;
}

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

/** A number in a query, kept within bounds; `usual` when it is none. */
export function readCount(value: string | undefined, usual: number, max: number): number {
  const count = Number(value ?? usual);
  return Number.isInteger(count) ? Math.min(max, Math.max(1, count)) : usual;
}

/** An id in a query, as a number that compares. */
export const readId = (value: string | undefined): bigint => (/^\d{1,20}$/.test(value ?? "") ? BigInt(value ?? 0) : 0n);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw discordErrors.invalidJson();
  }
}

/** A query's flag: Discord takes `true`, `True` and `1`. */
export const isTrue = (value: string | undefined): boolean => /^(true|1)$/i.test(value ?? "");
