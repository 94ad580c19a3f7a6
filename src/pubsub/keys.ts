/** The keys of one bus. Each begins with the deployment's prefix. */
export interface PubsubKeys {
  /** Stream: the messages of all channels. */
  readonly stream: string;
  /** String: the cursor of a named subscriber. */
  cursor(subscriber: string): string;
  /** Stream: messages that a group gave up. */
  deadLetters(group: string): string;
  /** String with a life: the message that was published under an idempotency key. */
  once(key: string): string;
}

export const createKeys = (prefix: string, bus: string): PubsubKeys => ({
  stream: `${prefix}b:${bus}`,
  cursor: (subscriber) => `${prefix}bc:${bus}:${subscriber}`,
  deadLetters: (group) => `${prefix}bd:${bus}:${group}`,
  once: (key) => `${prefix}bi:${bus}:${key}`,
});
