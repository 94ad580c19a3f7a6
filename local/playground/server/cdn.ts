import { Hono } from "hono";
import type { World } from "../../discord/index.ts";

/**
 * Returns the routes of Discord's CDN, by its own paths. A picture shows the initials of the name, on a colour made of the ID.
 */
export function cdnRoutes(world: World): Hono {
  const app = new Hono();
  const draw = (kind: string, id: string, name: string) =>
    new Response(kind === "emojis" ? drawEmoji(id) : drawInitials(id, name), {
      headers: {
        "Content-Type": "image/svg+xml",
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
      },
    });

  app.get("/emojis/:file", (c) => {
    const id = /^(\d{1,20})\.(png|webp|gif|avif|svg)$/.exec(c.req.param("file"))?.[1];
    return id === undefined ? c.notFound() : draw("emojis", id, "");
  });
  app.get("/embed/avatars/:file", (c) => {
    const index = /^(\d)\.png$/.exec(c.req.param("file"))?.[1];
    return index === undefined ? c.notFound() : draw("avatars", index, "?");
  });
  for (const kind of ["avatars", "icons", "banners", "app-icons", "splashes", "role-icons"]) {
    app.get(`/${kind}/:id/:file`, (c) => {
      const id = c.req.param("id");
      if (!/^\d{1,20}$/.test(id) || !/^[\w-]{1,64}\.(png|jpe?g|webp|gif)$/.test(c.req.param("file")))
        return c.notFound();
      const user = world.users.get(id);
      return draw(kind, id, user ? (user.global_name ?? user.username) : (world.guilds.get(id)?.guild.name ?? "?"));
    });
  }
  return app;
}

// --- Internal helpers ---

/** IDs that follow each other get colours that lie far apart. */
const hueOf = (id: string): number => Number((BigInt(id) * 137n) % 360n);

/** Returns up to two initials, safe in SVG. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  const letters = words.map((word) => Array.from(word)[0] ?? "").join("");
  return letters.replaceAll(/[<>&"']/g, (letter) => `&#${letter.codePointAt(0)};`);
}

const drawInitials = (id: string, name: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" fill="hsl(${hueOf(id)} 45% 38%)"/>
<text x="32" y="32" dy=".36em" text-anchor="middle" font-family="Noto Sans, sans-serif" font-size="26" fill="#fff">${initialsOf(name)}</text>
</svg>`;

const drawEmoji = (id: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<circle cx="32" cy="32" r="28" fill="hsl(${hueOf(id)} 60% 55%)"/>
<circle cx="23" cy="27" r="4" fill="#222"/><circle cx="41" cy="27" r="4" fill="#222"/>
<path d="M20 39q12 12 24 0" fill="none" stroke="#222" stroke-width="4" stroke-linecap="round"/>
</svg>`;
