import type { Context as HonoContext } from "hono";
import { discordErrors } from "../errors.ts";
import { type Upload, uploadsIn } from "../messages/uploads.ts";
import { type Check, type Fields, fieldsOf } from "../validate/checks.ts";

/** Returns a request's JSON as an object that passes the check. Throws Discord's errors otherwise. */
export async function readFields(c: HonoContext, check: Check = () => []): Promise<Fields> {
  const { body } = await readBody<unknown>(c);
  const fields = fieldsOf(body);
  const errors = check(fields, "");
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
  return fields;
}

/** Returns a request's JSON, from the body or from the `payload_json` of a multipart body, and the files beside it. */
export async function readBody<T>(c: HonoContext): Promise<{ body: T; uploads: Upload[] }> {
  const type = c.req.header("Content-Type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await c.req.formData().catch(() => {
      throw discordErrors.invalidJson();
    });
    const text = await new Response(form.get("payload_json") ?? "{}").text();
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

/** Returns a number from a query, from 1 to `max`, or the default when it is none. */
export function readCount(value: string | undefined, fallback: number, max: number): number {
  const count = Number(value ?? fallback);
  return Number.isInteger(count) ? Math.min(max, Math.max(1, count)) : fallback;
}

/** Returns an ID from a query as a number, for comparison; 0 when it is none. */
export const readId = (value = ""): bigint => (/^\d{1,20}$/.test(value) ? BigInt(value) : 0n);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw discordErrors.invalidJson();
  }
}

/** Returns whether a flag of a query is set: Discord accepts `true`, `True` and `1`. */
export const isTrue = (value = ""): boolean => /^(true|1)$/i.test(value);
