/**
 * One RESP2 reply. A bulk string is its bytes, a status (`+OK`) is kept apart from a bulk string of the same text, and
 * an integer that a double cannot hold is a bigint, so that its digits survive. Nil of either kind is `null`.
 */
export type Reply = Buffer | number | bigint | null | Status | ReplyError | Reply[];

/** A status reply such as `+OK`, without the plus. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An error reply, without the minus: a value, since one failed command does not fail its neighbours. */
export class ReplyError {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
