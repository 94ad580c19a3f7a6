import { RedisUnknownOutcomeError } from "./errors.ts";

/**
 * Returns the result of `send`; calls it once more when the first reply was lost. For writes that leave the same data when
 * they run twice. `isAgain` is true in the second call, whose reply may describe the work of the first. Throws the error of
 * the second call, and every error of the first but `RedisUnknownOutcomeError`.
 *
 * @example
 * const isRemoved = await sendAgainIfUnknown(async (isAgain) => (await redis.unlink(key)) === 1 || isAgain);
 */
export async function sendAgainIfUnknown<T>(send: (isAgain: boolean) => Promise<T>): Promise<T> {
  try {
    return await send(false);
  } catch (error) {
    if (!(error instanceof RedisUnknownOutcomeError)) throw error;
    return send(true);
  }
}
