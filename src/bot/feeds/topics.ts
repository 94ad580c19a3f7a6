/**
 * A topic, as its followers are stored and the bus carries it. Topics of a server, `@<server>.releases`, are that server's alone.
 * Topics with a dot in their name are posted to over HTTP, and any server may follow them.
 */
export type Topic = string;

/** Returns the channel of the bus that carries a topic. */
export const feedChannel = (topic: Topic): string => `feed.${topic}`;

/** Returns the topic that a channel of the bus carries. */
export const topicOf = (channel: string): Topic => channel.slice(feedChannel("").length);

/** Returns the topic that a name means in a server. */
export const topicIn = (guildId: string, name: string): Topic => (isPublic(name) ? name : `@${guildId}.${name}`);

/** Returns a topic's name, as people type it. */
export const nameOf = (topic: Topic): string => topic.replace(/^@\d+\./, "");

/** Returns whether a name is for other systems, which post to it over HTTP. */
export const isPublic = (name: string): boolean => name.includes(".");

/** Returns what is wrong with a topic's name, for people; `undefined` when it is fine. */
export const problemWithName = (name: string): string | undefined =>
  /^[a-z\d][a-z\d.-]{0,49}$/.test(name)
    ? undefined
    : "A topic's name has 1 to 50 lower-case letters, digits, dots or dashes, such as `releases` or `shop.orders`.";
