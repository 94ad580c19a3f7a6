/** Names of the bot's keys, all behind the deployment's prefix. */
export interface BotKeys {
  /** A server's settings. */
  settings(guildId: string): string;
  /** Hash: the channels that follow a topic, each with its server. */
  topicFollowers(topic: string): string;
  /** Hash: what a server's channels follow, each with the reason why it ended, if it did. */
  followings(guildId: string): string;
  /** Hash whose fields expire: deliveries to a server that failed, or fail and are still tried. */
  failedDeliveries(guildId: string): string;
}

export const createKeys = (prefix: string): BotKeys => ({
  settings: (guildId) => `${prefix}g:${guildId}`,
  topicFollowers: (topic) => `${prefix}f:${topic}`,
  followings: (guildId) => `${prefix}fl:${guildId}`,
  failedDeliveries: (guildId) => `${prefix}fd:${guildId}`,
});
