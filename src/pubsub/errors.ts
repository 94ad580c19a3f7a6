/** What pubsub throws besides the errors of `redis/`. `code` is stable; messages name the channel, never the data. */
export abstract class PubsubError extends Error {
  abstract readonly code: string;
}

/** A channel's name is 1 to 128 visible ASCII characters, and `*` only in patterns. */
export class InvalidChannelError extends PubsubError {
  readonly code = "E_PUBSUB_CHANNEL";
  override readonly name = "InvalidChannelError";
  constructor(channel: string) {
    super(`${JSON.stringify(channel.slice(0, 128))} names no channel: 1 to 128 visible ASCII characters, without *`);
  }
}

/** The data, as JSON, is larger than the bus takes. Nothing was published. */
export class MessageTooLargeError extends PubsubError {
  readonly code = "E_PUBSUB_TOO_LARGE";
  override readonly name = "MessageTooLargeError";
  constructor(channel: string, bytes: number, maxBytes: number) {
    super(`A message to "${channel}" has ${bytes} bytes as JSON, and ${maxBytes} is the most`);
  }
}

/** The data is nothing that JSON can say: a function, a symbol, a circle, a bigint. Nothing was published. */
export class NotJsonError extends PubsubError {
  readonly code = "E_PUBSUB_NOT_JSON";
  override readonly name = "NotJsonError";
  constructor(channel: string, options?: ErrorOptions) {
    super(`What was to be published to "${channel}" cannot be written as JSON`, options);
  }
}

/**
 * Every answer to a publish was lost: it may stand on the bus or not. Publishing the same again with `{ id: messageId }` is
 * right either way, since whoever got it already does not get it again.
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

/** It was closed. Nothing was sent. */
export class PubsubClosedError extends PubsubError {
  readonly code = "E_PUBSUB_CLOSED";
  override readonly name = "PubsubClosedError";
  constructor() {
    super("This pubsub is closed");
  }
}
