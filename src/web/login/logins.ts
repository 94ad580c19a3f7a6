import { base64url, isSameSecret, sha256 } from "../../platform/index.ts";
import type { BearerStore, Session } from "../../sessions/index.ts";
import type { AdminServices } from "../services.ts";
import { networkOf } from "./address.ts";
import { type Login, labelOf, logins, rotateAfterMs } from "./login-kind.ts";

/** The result of a try to log in. */
export type LoginResult =
  | { is: "in"; cookie: string }
  /** Not the admin token, or none. */
  | { is: "wrong" }
  | { is: "limited"; retryAfterMs: number };

/** A login that a cookie opened. `cookie` is the one to set, when it was rotated. */
export interface FoundLogin {
  session: Session<Login>;
  cookie?: string;
}

/** Logins with the admin token, as sessions of its bearer. A new admin token ends all of them. */
export interface Logins {
  /**
   * Makes a login for the admin token. A network may try ten times in a quarter of an hour, whatever it sends.
   * Cost: 1 command, 1 round trip; 3 and 1 more for the right token; 0 for a network that is limited.
   */
  enter(request: Request, given: string): Promise<LoginResult>;
  /**
   * Returns the login that a cookie opens; `undefined` for any other cookie. `mayRotate`: give it a new secret once an hour, which
   * takes a response that can set the cookie.
   * Cost: 1 command, 1 round trip; 2 and 2 more to rotate.
   */
  find(cookie: string, mayRotate?: boolean): Promise<FoundLogin | undefined>;
  /** Returns the logins, the oldest first. Cost: 2 commands, 2 round trips. */
  list(): Promise<Session<Login>[]>;
  /** Ends a login. Returns whether it existed. Cost: 2 commands, 2 round trips. */
  end(id: string): Promise<boolean>;
}

type LoginServices = Pick<AdminServices, "adminToken" | "clock" | "cooldowns" | "sessions">;

/** Tries of one network in `windowMs`. */
const mostTries = 10;
const windowMs = 15 * 60_000;

export function createLogins({ adminToken, clock, cooldowns, sessions }: LoginServices): Logins {
  const bearers: BearerStore<Login> = sessions.bearers(logins);

  /** Sessions of another admin token have another owner. */
  const ownerOf = async () => `admin-${base64url(await sha256(`owner ${adminToken}`)).slice(0, 12)}`;

  return {
    async enter(request, given) {
      const use = await cooldowns.use(`login:${await networkOf(request)}`, mostTries, windowMs);
      if (!use.isAllowed) return { is: "limited", retryAfterMs: use.retryAfterMs };
      if (!(await isSameSecret(given, adminToken))) return { is: "wrong" };
      const label = labelOf(request.headers.get("User-Agent") ?? "");
      const { token } = await bearers.issue({ label }, { owner: await ownerOf() });
      return { is: "in", cookie: token };
    },
    async find(cookie, mayRotate = false) {
      if (!cookie.startsWith(`${await ownerOf()}.`)) return undefined;
      const found = await bearers.verify(cookie);
      if (!found.found) return undefined;
      const { session } = found;
      // Each rotation is a revision.
      if (!mayRotate || clock.now() - session.createdAt < session.revision * rotateAfterMs) return { session };
      const rotated = await bearers.rotate(cookie);
      return rotated.found ? { session: rotated.session, cookie: rotated.token } : { session };
    },
    list: async () => bearers.list(await ownerOf()),
    end: async (id) => sessions.end(await ownerOf(), id),
  };
}
