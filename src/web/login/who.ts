import { isSameSecret } from "../../platform/index.ts";
import type { Session } from "../../sessions/index.ts";
import type { AdminServices } from "../services.ts";
import { cookieIn } from "./cookie.ts";
import { formTokenOf } from "./form-token.ts";
import type { Login } from "./login-kind.ts";
import { createLogins } from "./logins.ts";

/** Who sent a request: a program with the admin token, or a browser that logged in with it. */
export type Who = { by: "token" } | LoggedIn;

export interface LoggedIn {
  by: "login";
  session: Session<Login>;
  /** What its forms carry. */
  formToken: string;
  /** The value of the cookie to set, when the login was rotated. */
  cookie?: string;
}

type WhoServices = Pick<AdminServices, "adminToken" | "clock" | "cooldowns" | "sessions">;

/** Returns whether a request carries `Authorization: Bearer` and the admin token. Cost: 0 commands. */
export async function hasAdminToken({ headers }: Request, adminToken: string): Promise<boolean> {
  const sent = /^Bearer +(\S.*)$/i.exec(headers.get("Authorization") ?? "")?.[1];
  return sent !== undefined && isSameSecret(sent, adminToken);
}

/**
 * Returns the login of a request; `undefined` without one. `mayRotate`: the response can set a cookie.
 * Cost: 1 command, 1 round trip; 0 without a cookie; 2 and 2 more once an hour with `mayRotate`.
 */
export async function loginOf(
  request: Request,
  services: WhoServices,
  mayRotate = false,
): Promise<LoggedIn | undefined> {
  const value = cookieIn(request);
  const found = value === undefined ? undefined : await createLogins(services).find(value, mayRotate);
  if (!found) return undefined;
  return { by: "login", ...found, formToken: await formTokenOf(services.adminToken, found.session.id) };
}

/** Returns a name for the audit: "token", or the browser and the beginning of the login's id. */
export const nameOf = (who: Who): string =>
  who.by === "token" ? "token" : `${who.session.data.label} (${who.session.id.slice(0, 6)})`;
