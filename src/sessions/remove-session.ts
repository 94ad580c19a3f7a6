import { sendAgainIfUnknown } from "../redis/index.ts";
import type { SessionContext } from "./context.ts";

/**
 * Removes a session. Returns whether it existed; true when the first reply was lost, since the session may have existed then.
 *
 * Cost: 1 command, 1 round trip.
 */
export const removeSession = (context: SessionContext, id: string): Promise<boolean> =>
  sendAgainIfUnknown(async (isAgain) => (await context.redis().unlink(context.keys.session(id))) === 1 || isAgain);
