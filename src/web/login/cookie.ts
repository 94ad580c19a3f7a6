/** Returns the value of the login's cookie; `undefined` without one. */
export function cookieIn(request: Request): string | undefined {
  const name = nameFor(request);
  for (const pair of (request.headers.get("Cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * Returns the header that sets the cookie, or takes it back with an empty value. `Lax` shows it to a first navigation from another
 * site, such as a link in Discord; writes ask for more than the cookie.
 */
export function cookieFor(request: Request, value: string, maxAgeMs: number): string {
  const secure = isOnThisMachine(request) ? "" : "; Secure";
  const maxAge = value === "" ? 0 : Math.floor(maxAgeMs / 1_000);
  return `${nameFor(request)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure}`;
}

// --- Internal helpers ---

/** Browsers take a `__Host-` cookie over HTTPS only, from this host and for all of its paths. */
const nameFor = (request: Request): string => (isOnThisMachine(request) ? "sandpiper" : "__Host-sandpiper");

/** Over plain HTTP some browsers drop `Secure` cookies even here. */
function isOnThisMachine({ url }: Request): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
