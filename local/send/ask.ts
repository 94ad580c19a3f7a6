import { UsageError } from "../command-line.ts";

/**
 * Sends a request to the simulator and returns its JSON. Throws a `UsageError` with the simulator's sentence for an
 * action that a person could not do, and an `Error` of one sentence when no simulator answers.
 */
export async function ask<T>(url: string, init?: RequestInit): Promise<T> {
  const { origin } = new URL(url);
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Error(`Nothing answers at ${origin}. Start the bot first: npm run dev`, { cause });
  });
  const body = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (response.ok) return body;
  if (response.status === 400 && body.error !== undefined) throw new UsageError(body.error);
  throw new Error(
    response.status >= 500
      ? `The simulator failed with HTTP ${response.status}. The terminal of npm run dev says why.`
      : `${origin} answered HTTP ${response.status} and is not the simulator. npm run dev prints the simulator's address.`,
  );
}
