export { channels, internalChannels, isPattern, matchesChannel } from "./channels.ts";
export type { PubsubCommands } from "./context.ts";
export { createPubsub } from "./create-pubsub.ts";
export {
  InvalidChannelError,
  InvalidMessageError,
  KeyReusedError,
  MessagePutOffError,
  MessageTooLargeError,
  NotJsonError,
  PublishUncertainError,
  PubsubClosedError,
  PubsubError,
  UnknownPositionError,
  WrongTypeError,
} from "./errors.ts";
export type { Gap, PubsubEvent } from "./events.ts";
export type { FollowOptions, Step } from "./follow.ts";
export type { DeadLetter, DeadLetterPage } from "./group/dead-letters.ts";
export type { Group } from "./group/group.ts";
export type { GroupOptions } from "./group/options.ts";
export type { ReplayOptions, ReplayResult } from "./group/replay.ts";
export type { Attempt, Handler } from "./handlers.ts";
export { type Invalidation, invalidationHandler, invalidationsOn } from "./invalidations.ts";
export type { Message } from "./message.ts";
export type { PollResult } from "./poller.ts";
export type { Published, PublishedOnce, PublishOnceOptions, PublishOptions, Write } from "./publish.ts";
export type { Pubsub, PubsubOptions, PubsubStats } from "./pubsub.ts";
export { createPubsubState, heardUntil, type PubsubState } from "./state.ts";
export type { BusStatus, GroupStatus } from "./status.ts";
export { isStreamId } from "./stream-id.ts";
export type { Subscriber, SubscriberOptions } from "./subscriber.ts";
