/** The errors of pubsub, besides those of `redis/`. `code` is stable. Messages name the channel, never the data. */
export abstract class PubsubError extends Error {
  abstract readonly code: string;
}

/** A channel's name is not 1 to 128 visible ASCII characters, or contains `*` where no pattern is allowed. */
export class InvalidChannelError extends PubsubError {
  readonly code = "E_PUBSUB_CHANNEL";
  override readonly name = "InvalidChannelError";
  constructor(channel: string) {
    super(`${JSON.stringify(channel.slice(0, 128))} is no channel: use 1 to 128 visible ASCII characters, without *`);
  }
}

/** The message's id has not 1 to 256 characters, or its type not 1 to 128. Nothing was published. */
export class InvalidMessageError extends PubsubError {
  readonly code = "E_PUBSUB_MESSAGE";
  override readonly name = "InvalidMessageError";
  constructor(channel: string, problem: string) {
    super(`A message to "${channel}" needs ${problem}`);
  }
}

/** The data, as JSON, is larger than the bus allows. Nothing was published. */
export class MessageTooLargeError extends PubsubError {
  readonly code = "E_PUBSUB_TOO_LARGE";
  override readonly name = "MessageTooLargeError";
  constructor(channel: string, bytes: number, maxBytes: number) {
    super(`A message to "${channel}" has ${bytes} bytes as JSON; at most ${maxBytes} are allowed`);
  }
}

/** JSON cannot express the data: a function, a symbol, a circle, a bigint. Nothing was published. */
export class NotJsonError extends PubsubError {
  readonly code = "E_PUBSUB_NOT_JSON";
  override readonly name = "NotJsonError";
  constructor(channel: string, options?: ErrorOptions) {
    super(`The data for "${channel}" cannot be written as JSON`, options);
  }
}

/** The idempotency key was used for another message to this channel within a day. Nothing was published. */
export class KeyReusedError extends PubsubError {
  readonly code = "E_PUBSUB_KEY_REUSED";
  override readonly name = "KeyReusedError";
  constructor(channel: string) {
    super(`This idempotency key was used for another message to "${channel}"; use a new key for a new message`);
  }
}

/**
 * Every reply to a publish was lost: the message may be on the bus or not. Publish the same data again with
 * `{ id: messageId }`: a reader that has the message ignores the second one.
 */
export class PublishUncertainError extends PubsubError {
  readonly code = "E_PUBSUB_UNCERTAIN";
  override readonly name = "PublishUncertainError";
  readonly messageId: string;
  constructor(channel: string, messageId: string, options?: ErrorOptions) {
    super(`A message to "${channel}" may or may not have been published`, options);
    this.messageId = messageId;
  }
}

/** A key of pubsub holds a value of another type: nothing is published or read until it is deleted or renamed. */
export class WrongTypeError extends PubsubError {
  readonly code = "E_PUBSUB_WRONG_TYPE";
  override readonly name = "WrongTypeError";
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`The key "${key}" holds a value that the bus did not write: delete it, or rename it`, options);
    this.key = key;
  }
}

/**
 * Thrown by a handler that cannot handle a message yet: its group delivers the message again after `retryMs`, and this was no
 * delivery.
 */
export class MessagePutOffError extends PubsubError {
  readonly code = "E_PUBSUB_PUT_OFF";
  override readonly name = "MessagePutOffError";
}

/** No message has this id or a later one, and none will for long: the id was not given by this bus. */
export class UnknownPositionError extends PubsubError {
  readonly code = "E_PUBSUB_POSITION";
  override readonly name = "UnknownPositionError";
  constructor(streamId: string) {
    super(`${streamId} is not an id of this bus: it lies ahead of its last message`);
  }
}

/** The pubsub was closed. Nothing was sent. */
export class PubsubClosedError extends PubsubError {
  readonly code = "E_PUBSUB_CLOSED";
  override readonly name = "PubsubClosedError";
  constructor() {
    super("This pubsub is closed");
  }
}
