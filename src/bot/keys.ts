/** Names of the bot's keys, all behind the deployment's prefix. */
export interface BotKeys {
  /** A server's settings. */
  settings(guildId: string): string;
  /** Hash: the channels that follow a topic, each with its server. */
  topicFollowers(topic: string): string;
  /** Set: the topics that a server's channels follow. */
  serverFollows(guildId: string): string;
  /** The server that a topic belongs to. */
  topicOwner(topic: string): string;
}

export const createKeys = (prefix: string): BotKeys => ({
  settings: (guildId) => `${prefix}g:${guildId}`,
  topicFollowers: (topic) => `${prefix}f:${topic}`,
  serverFollows: (guildId) => `${prefix}fg:${guildId}`,
  topicOwner: (topic) => `${prefix}fo:${topic}`,
});
