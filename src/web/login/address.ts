import { base64url, sha256 } from "../../platform/index.ts";

/**
 * Returns a name for the network that a request comes from, without the address itself: logins are limited by it. One IPv6
 * customer has 2^64 addresses, so those share a name.
 */
export async function networkOf({ headers }: Request): Promise<string> {
  // IPv4 in the form of IPv6.
  const address = (headers.get("CF-Connecting-IP") ?? "unknown").replace(/^::ffff:(?=\d+\.)/i, "");
  return base64url(await sha256(address.includes(":") ? firstHalf(address) : address)).slice(0, 22);
}

// --- Internal helpers ---

function firstHalf(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const groups = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  return [...groups, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(":");
}
