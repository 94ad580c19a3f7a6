export { channels, isPattern, matchesChannel } from "./channels.ts";
export type { PubsubCommands } from "./context.ts";
export type { DeadLetter } from "./dead-letters.ts";
export type { BusDuty, Follower, PumpOptions, PumpResult } from "./duty.ts";
export {
  InvalidChannelError,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  PubsubClosedError,
  PubsubError,
} from "./errors.ts";
export type { Gap, PubsubEvent } from "./events.ts";
export type { FollowOptions, Step } from "./follow.ts";
export type { Group, GroupOptions } from "./group.ts";
export type { Handler } from "./handlers.ts";
export { type Invalidation, type Invalidations, invalidationsOn } from "./invalidations.ts";
export type { PollResult } from "./listener.ts";
export type { Message } from "./message.ts";
export type { Published, PublishOptions, Write } from "./publish.ts";
export { createPubsub, type Pubsub, type PubsubOptions, type PubsubStats } from "./pubsub.ts";
export { createPubsubState, type PubsubState } from "./state.ts";
export { isStreamId } from "./stream-id.ts";
export type { Subscriber, SubscriberOptions } from "./subscriber.ts";
