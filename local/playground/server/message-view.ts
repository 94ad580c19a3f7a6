import type { APIMessage } from "discord-api-types/v10";
import { canView, isShownTo, messagesOf, type World } from "../../discord/index.ts";
import type { MessageView } from "../protocol.ts";
import type { Exchanges } from "./exchanges.ts";
import { viewPerson } from "./people-views.ts";
import type { Polls } from "./polls.ts";

/** Messages as people see them. */
export interface Messages {
  /** Returns the message as the person sees it; `undefined` when the person does not. */
  view(personId: string, message: APIMessage): MessageView | undefined;
  /** Returns the last messages of a channel before an ID, oldest first, and whether there are more. */
  page(personId: string, channelId: string, before?: string): { messages: MessageView[]; hasMore: boolean };
  /** Hides an ephemeral message from the person who sees it. Returns whether there was one. */
  dismiss(personId: string, message: APIMessage): boolean;
}

export interface MessagesOptions {
  world: World;
  exchanges: Exchanges;
  polls: Polls;
}

const pageSize = 100;

export function createMessages({ world, exchanges, polls }: MessagesOptions): Messages {
  /** Discord's client forgets a dismissed message; the application can still change it. */
  const dismissed = new Set<string>();

  const isSeen = (personId: string, message: APIMessage): boolean =>
    canView(world, personId, message.channel_id) && isShownTo(world, personId, message) && !dismissed.has(message.id);

  function view(personId: string, message: APIMessage): MessageView | undefined {
    if (!isSeen(personId, message)) return undefined;
    const from = message.interaction_metadata;
    const user = world.users.get(from?.user?.id ?? "");
    const cause = from && exchanges.cause(from.id);
    const trigger =
      from && "triggering_interaction_metadata" in from ? from.triggering_interaction_metadata : undefined;
    // A form is shown as the command that opened it.
    const title = cause?.title || (trigger && exchanges.cause(trigger.id)?.title) || "";
    return {
      message: {
        ...message,
        attachments: message.attachments.map((attachment) => ({ ...attachment, ...here(attachment.url) })),
        ...(message.poll && { poll: polls.view(personId, message.id, message.poll) }),
      },
      ...(user && {
        cause: {
          person: viewPerson(world, user),
          title,
          ...(cause && { exchange: cause.exchange }),
        },
      }),
    };
  }

  return {
    view,
    page(personId, channelId, before) {
      const all = canView(world, personId, channelId) ? [...messagesOf(world, channelId).values()] : [];
      const end = before === undefined ? all.length : all.findLastIndex(({ id }) => BigInt(id) < BigInt(before)) + 1;
      const seen = all.slice(0, end).filter((message) => isSeen(personId, message));
      return {
        messages: seen.slice(-pageSize).flatMap((message) => view(personId, message) ?? []),
        hasMore: seen.length > pageSize,
      };
    },
    dismiss(personId, message) {
      if (world.privateTo.get(message.id) !== personId || !isSeen(personId, message)) return false;
      dismissed.add(message.id);
      return true;
    },
  };
}

// --- Internal helpers ---

/** A file of this server has the page's own origin, by whatever name the page was opened. */
function here(url: string): { url: string; proxy_url: string } | undefined {
  const path = URL.parse(url)?.pathname;
  return path?.startsWith("/attachments/") ? { url: path, proxy_url: path } : undefined;
}
