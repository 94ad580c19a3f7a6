export interface GroupOptions {
  /** Deliveries of a message before it goes to the dead letters. Default: 5. */
  maxDeliveries?: number;
  /**
   * A message that its worker has not acknowledged for this long, in milliseconds, is given to another worker. Longer
   * than the handlers take for one page; a message whose handlers take 18 s has failed. Default: 60,000.
   */
  retryMs?: number;
  /** Messages per read, at most 100. Default: the pubsub's. */
  pageSize?: number;
  /** Channels whose handlers run side by side. Messages of one channel are handled in turn. Default: 4. */
  concurrency?: number;
  /**
   * Where a group that is new to Redis begins: at the oldest message left, or at the next one published. A bus that ended takes
   * its groups with it: with "now", a group then misses the message that began the bus anew. Default: "oldest".
   */
  from?: "oldest" | "now";
}
