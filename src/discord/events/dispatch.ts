import type { WebhookEvent, WebhookEventHandler } from "./event.ts";

/** Remembers which events were taken, where every isolate sees it. */
export interface EventStore {
  /** True for the first who asks. */
  claim(key: string): Promise<boolean>;
}

export interface DispatchOptions<Services> {
  handlers: readonly WebhookEventHandler<Services>[];
  store(services: Services): EventStore;
  onError(error: unknown, event: WebhookEvent, services: Services): void;
}

/**
 * Runs the handlers of an event, once however often it is sent, each on its own: one's failure does not reach another.
 * Where the store does not answer, the event is handled all the same: Discord has its 204 and will not send it again.
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
