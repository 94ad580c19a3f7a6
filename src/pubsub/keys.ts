/** Names of a bus's keys, all behind the deployment's prefix. */
export interface PubsubKeys {
  /** The stream with all channels of the bus. */
  readonly stream: string;
  /** How far a named subscriber has come. */
  cursor(subscriber: string): string;
  deadLetters(group: string): string;
  /** What became of a message that was published under an idempotency key. */
  once(key: string): string;
}

export const createKeys = (prefix: string, bus: string): PubsubKeys => ({
  stream: `${prefix}b:${bus}`,
  cursor: (subscriber) => `${prefix}bc:${bus}:${subscriber}`,
  deadLetters: (group) => `${prefix}bd:${bus}:${group}`,
  once: (key) => `${prefix}bi:${bus}:${key}`,
});
