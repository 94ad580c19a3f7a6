export { channels, isPattern, matchesChannel } from "./channels.ts";
export type { PubsubCommands } from "./context.ts";
export { createPubsub } from "./create-pubsub.ts";
export type { BusDuty, BusDutyOptions, Follower } from "./duty.ts";
export {
  InvalidChannelError,
  KeyReusedError,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  PubsubClosedError,
  PubsubError,
} from "./errors.ts";
export type { Gap, PubsubEvent } from "./events.ts";
export type { FollowOptions, Step } from "./follow.ts";
export type { DeadLetter, DeadLetterPage } from "./group/dead-letters.ts";
export type { Group } from "./group/group.ts";
export type { GroupOptions } from "./group/options.ts";
export type { ReplayOptions, ReplayResult } from "./group/replay.ts";
export type { Handler } from "./handlers.ts";
export { type Invalidation, type Invalidations, invalidationsOn } from "./invalidations.ts";
export type { PollResult } from "./listener.ts";
export type { Message } from "./message.ts";
export type { Published, PublishedOnce, PublishOnceOptions, PublishOptions, Write } from "./publish.ts";
export type { Pubsub, PubsubOptions, PubsubStats } from "./pubsub.ts";
export { createPubsubState, type PubsubState } from "./state.ts";
export { isStreamId } from "./stream-id.ts";
export type { Subscriber, SubscriberOptions } from "./subscriber.ts";
