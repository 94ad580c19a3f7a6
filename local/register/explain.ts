import { DiscordApiError, DiscordUnreachableError } from "../../src/discord/index.ts";

/** Returns a failure of a registration with its usual cause before it; any other error as it is. */
export function explainRegistration(error: unknown, guild: string | undefined): unknown {
  const remedy =
    error instanceof DiscordUnreachableError
      ? "Discord cannot be reached. Is this machine online, and is DISCORD_API_URL right if it is set?"
      : error instanceof DiscordApiError
        ? remedyFor(error.status, guild)
        : undefined;
  return remedy === undefined ? error : new Error(`${remedy}\n${(error as Error).message}`, { cause: error });
}

// --- Internal helpers ---

function remedyFor(status: number, guild: string | undefined): string | undefined {
  switch (status) {
    case 401:
      return "Discord does not accept this DISCORD_BOT_TOKEN. Copy it again, or reset it, on the application's Bot page.";
    case 403:
    case 404:
      return guild === undefined
        ? "Do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application?"
        : `Is the bot in server ${guild}, and do DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN belong to the same application?`;
    default:
      return undefined;
  }
}
