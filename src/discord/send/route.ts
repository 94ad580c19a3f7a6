/** A path as Discord's limits and our logs see it. */
export interface Route {
  /** Method and path without ids. Calls with one key share a bucket. */
  key: string;
  /** The resource for which a bucket counts: a channel, a guild, a webhook with its token. */
  major: string;
  /** Method and path for logs, without tokens. */
  shown: string;
}

/** Returns the route of a call. https://docs.discord.com/developers/topics/rate-limits */
export function routeOf(method: string, path: string): Route {
  const parts = path.split("?")[0]?.split("/").slice(1) ?? [];
  const [top = "", id = ""] = parts;
  const hasToken = (top === "webhooks" || top === "interactions") && parts.length > 2;
  const shown = parts.map((part, index) => (hasToken && index === 2 ? ":token" : part));
  const general = shown.map((part) => (/^\d{15,20}$/.test(part) ? ":id" : part));
  const isMajor = hasToken || top === "channels" || top === "guilds" || top === "webhooks";
  return {
    key: `${method} /${general.join("/")}`,
    major: isMajor ? `${top}/${id}/${hasToken ? parts[2] : ""}` : "",
    shown: `${method} /${shown.join("/")}`,
  };
}

/**
 * Returns the address of a path. Throws a `RangeError` for a path that a URL would read as another one: with `..`, `#` or `\\`,
 * or without a slash before it. The call would carry the bot's token there.
 */
export function addressOf(baseUrl: string, path: string): string {
  const url = URL.parse(`${baseUrl}${path}`);
  const plain = path.split("?")[0] ?? "";
  const isPlain = plain.startsWith("/") && !plain.includes("//") && url?.hash === "" && !path.includes("#");
  // The path of an address without one is a slash.
  if (isPlain && url.pathname === `${new URL(baseUrl).pathname.replace(/\/$/, "")}${plain}`) return url.href;
  // No more of the path than this: an interaction's token may be in it.
  throw new RangeError(`The path of a call to Discord leads elsewhere: ${JSON.stringify(plain.slice(0, 12))}…`);
}
