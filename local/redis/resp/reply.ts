/**
 * One RESP2 reply. Bulk strings stay bytes; a status (`+OK`) is told from a bulk string of the same letters; an integer
 * that a double cannot hold is a bigint.
 */
export type Reply = Uint8Array | number | bigint | null | Status | ReplyError | Reply[];

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
