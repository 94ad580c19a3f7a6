import type { WebhookEvent, WebhookEventHandler } from "./event.ts";

/** Keeps the events that were claimed where every isolate sees them. */
export interface EventStore {
  /** Claims an event. Returns true for its first claim, false for later ones. Rejects when it cannot know. */
  claim(key: string): Promise<boolean>;
}

export interface DispatchOptions<Services> {
  handlers: readonly WebhookEventHandler<Services>[];
  /** Returns the store of claimed events. */
  store(services: Services): EventStore;
  /** Told of a handler, or a store, that fails. */
  onError(error: unknown, event: WebhookEvent, services: Services): void;
}

/**
 * Makes the function that runs the handlers of an event, once for its key however often Discord sends it. A failure of one
 * handler does not reach the others. An event is handled although the store fails: Discord has its 204 and does not send it
 * again.
 */
export function createDispatch<Services>({ handlers, store, onError }: DispatchOptions<Services>) {
  const byType = Map.groupBy(handlers, ({ type }) => type);
  return async function dispatch(event: WebhookEvent, key: string, services: Services): Promise<void> {
    const concerned = byType.get(event.type);
    if (!concerned) return;
    const isFirst = await store(services)
      .claim(key)
      .catch((error: unknown) => {
        onError(error, event, services);
        return true;
      });
    if (!isFirst) return;
    await Promise.all(
      concerned.map(async ({ run }) => {
        try {
          await run(event, services);
        } catch (error) {
          onError(error, event, services);
        }
      }),
    );
  };
}
