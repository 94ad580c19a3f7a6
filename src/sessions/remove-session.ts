import { RedisUnknownOutcomeError } from "../redis/index.ts";
import type { SessionHost } from "./context.ts";

/** Takes a session away; says whether there was one, as far as a lost reply lets it be known. 1 command in 1 round trip. */
export async function remove(host: SessionHost, id: string): Promise<boolean> {
  const unlink = () => host.redis().unlink(host.keys.session(id));
  try {
    return (await unlink()) === 1;
  } catch (error) {
    if (!(error instanceof RedisUnknownOutcomeError)) throw error;
    // Ending twice is ending once.
    await unlink();
    return true;
  }
}
