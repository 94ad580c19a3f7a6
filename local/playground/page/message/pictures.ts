const discordHosts = new Set(["cdn.discordapp.com", "media.discordapp.net"]);

/**
 * Returns the address from which a picture may be loaded, or `undefined` for one elsewhere in the network. Discord's own
 * pictures are drawn by the simulator.
 */
export function localPicture(url: string): string | undefined {
  if (!URL.canParse(url, location.href)) return undefined;
  const { protocol, host, origin, hostname, pathname, search } = new URL(url, location.href);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  if (origin === location.origin || (isLoopback(hostname) && isLoopback(location.hostname) && host === location.host))
    return pathname + search;
  return discordHosts.has(hostname) ? `/cdn${pathname}${search}` : undefined;
}

/** The hosts whose pictures this page may load. The server put them into its policy. */
export const allowedHosts = (): string[] =>
  document.querySelector<HTMLMetaElement>("meta[name=pictures]")?.content.split(" ").filter(Boolean) ?? [];

/** Returns the host of a picture elsewhere in the network that could be allowed. */
export function remoteHost(url: string): string | undefined {
  const { protocol, host } = URL.parse(url) ?? {};
  return protocol === "https:" ? host : undefined;
}

/** Returns a size of a file as people read it. */
export function formatSize(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1_024 ** power).toFixed(2))} ${units[power]}`;
}

/** The simulator's address may be spelled `localhost` in one place and `127.0.0.1` in the other. */
const isLoopback = (hostname: string): boolean => hostname === "localhost" || hostname === "127.0.0.1";
