import { DiscordApiError, DiscordUnreachableError } from "../../src/discord/index.ts";
import { RedisError } from "../../src/redis/index.ts";
import { explainProblem } from "../../src/runtime/failures.ts";

/** Something that is not as it should be, and what to do about it. Neither holds a secret. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly problem: string;
  /** A sentence, or a command. */
  readonly cure: string;
  constructor(problem: string, cure: string, options?: ErrorOptions) {
    super(`${problem}\n${cure}`, options);
    this.problem = problem;
    this.cure = cure;
  }
}

/** Returns a failure of Discord's or Redis's in a person's words; any other error as it is. */
export function explain(error: unknown): unknown {
  if (error instanceof DiscordUnreachableError) {
    return new Failure(error.message, "Is this machine online, and is DISCORD_API_URL right if it is set?", {
      cause: error,
    });
  }
  if (error instanceof DiscordApiError) {
    const cure =
      error.status === 401
        ? "Discord does not accept this DISCORD_BOT_TOKEN. Copy it again, or reset it, on the application's Bot page."
        : "Do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application?";
    return new Failure(error.message, cure, { cause: error });
  }
  const known = explainProblem(error);
  if (known && error instanceof Error) return new Failure(error.message, known.cure, { cause: error });
  if (error instanceof RedisError) {
    return new Failure(
      error.message,
      "Is UPSTASH_REDIS_REST_URL the database's REST address, such as https://eu1-example.upstash.io, and is this machine online?",
      { cause: error },
    );
  }
  return error;
}
