import { base64url, isSameSecret, sha256 } from "../../platform/index.ts";

/**
 * Returns the token that forms of one login carry. A page of another site cannot know it: it takes the admin token to compute.
 * It outlives a rotation, so that a form that is open meanwhile works.
 */
export const formTokenOf = async (adminToken: string, sessionId: string): Promise<string> =>
  base64url(await sha256(`form ${sessionId} ${adminToken}`));

/**
 * Returns whether a request comes from a page of this origin, by what its browser says and pages cannot change:
 * `Sec-Fetch-Site`, or `Origin` where that is absent. False when the client says neither.
 */
export function isFromOwnPage({ headers, url }: Request): boolean {
  const site = headers.get("Sec-Fetch-Site");
  if (site !== null) return site === "same-origin";
  return headers.get("Origin") === new URL(url).origin;
}

/** Returns whether a request may write on behalf of a login: it comes from its own page, with its form token. */
export const mayWrite = async (request: Request, expected: string, given: string): Promise<boolean> =>
  isFromOwnPage(request) && (await isSameSecret(given, expected));
