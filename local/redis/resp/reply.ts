/**
 * A RESP2 reply. A bulk string is a `Buffer`; a status (`+OK`) differs from a bulk string of the same text; an integer
 * that a double cannot hold is a bigint; both kinds of nil are `null`.
 */
export type Reply = Buffer | number | bigint | null | Status | ReplyError | Reply[];

/** A status reply such as `+OK`, without the plus. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An error reply, without the minus. It is a value: a failed command does not fail the others of its pipeline. */
export class ReplyError {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
