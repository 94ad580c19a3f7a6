/** The settings of the application that its developer can change. */
export interface ApplicationSettings {
  description: string;
  tags: string[];
  /** Where interactions are sent. Null: a new application has no address. */
  interactions_endpoint_url: string | null;
  event_webhooks_url: string | null;
  /** 1: off. 2: on. 3: turned off by Discord. */
  event_webhooks_status: number;
  event_webhooks_types: string[];
  /** How it can be installed: `0` in servers, `1` by users for themselves. */
  integration_types_config: Record<string, object>;
}

/** The events that a developer can subscribe to. */
export const eventTypes = [
  "APPLICATION_AUTHORIZED",
  "APPLICATION_DEAUTHORIZED",
  "ENTITLEMENT_CREATE",
  "ENTITLEMENT_UPDATE",
  "ENTITLEMENT_DELETE",
  "QUEST_USER_ENROLLMENT",
] as const;

/** Returns the settings of an application whose developer has entered these addresses; null for a new one. */
export const createApplicationSettings = (
  interactionsUrl: string | null,
  eventsUrl: string | null,
): ApplicationSettings => ({
  description: "",
  tags: [],
  interactions_endpoint_url: interactionsUrl,
  event_webhooks_url: eventsUrl,
  event_webhooks_status: eventsUrl === null ? 1 : 2,
  event_webhooks_types: eventsUrl === null ? [] : [...eventTypes],
  integration_types_config: { "0": {}, "1": {} },
});
