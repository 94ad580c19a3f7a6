import type { CallOptions } from "./call-options.ts";
import { DiscordApiError } from "./errors.ts";
import { type RestState, remember } from "./limits.ts";
import type { Route } from "./route.ts";

/** Messages to people. */
export interface Direct {
  /**
   * Sends a direct message. The isolate remembers the channel that it opens for that, until Discord refuses it. Throws as `post`
   * does.
   *
   * @example
   * await discord.sendDirect(user.id, { body: { content: "Tea!" }, isRepeatable: true });
   *
   * @see https://docs.discord.com/developers/resources/user#create-dm
   *
   * Cost: 1 request to Discord; 2 for the first message to a person.
   */
  sendDirect<T>(userId: string, options: CallOptions): Promise<T>;
}

type Post = <T>(path: string, options?: CallOptions) => Promise<T>;

export const createDirect = (state: RestState, post: Post): Direct => ({
  async sendDirect<T>(userId: string, options: CallOptions) {
    const known = state.directChannels.get(userId);
    if (known !== undefined) {
      try {
        return await post<T>(messagesOf(known), options);
      } catch (error) {
        // The channel is unknown to Discord: it opens another.
        if (!(error instanceof DiscordApiError) || error.status !== 404) throw error;
      }
    }
    const { id } = await post<{ id: string }>("/users/@me/channels", {
      body: { recipient_id: userId },
      isRepeatable: true,
      // The path is the same for all people: a refusal for one says nothing of the next.
      isFresh: true,
    });
    remember(state.directChannels, userId, id);
    return post<T>(messagesOf(id), options);
  },
});

/** Forgets the direct channel that a call went to. */
export function forgetDirect({ directChannels }: RestState, { major }: Route): void {
  for (const [userId, channelId] of directChannels) {
    if (major === `channels/${channelId}/`) directChannels.delete(userId);
  }
}

// --- Internal helpers ---

const messagesOf = (channelId: string): string => `/channels/${channelId}/messages`;
