import type { Handler } from "hono";
import type { Context } from "../context.ts";

/** Types that a browser shows without running anything. Others, such as HTML, are downloaded. */
const shown = /^(image\/(png|jpeg|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)\b/i;

/** Returns the handler of `GET /attachments/…`. People and bots upload anything: no file acts as a page of this server. */
export function serveAttachment({ files }: Context): Handler {
  return (c) => {
    const file = files.get(c.req.path.replace("/attachments/", ""));
    if (!file) return c.text("This content is no longer available.", 404);
    const isPicture = shown.test(file.type) || /^image\/svg\+xml\b/i.test(file.type);
    return c.body(file.bytes, 200, {
      "Content-Type": file.type,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "X-Content-Type-Options": "nosniff",
      ...(!isPicture && { "Content-Disposition": "attachment" }),
    });
  };
}
