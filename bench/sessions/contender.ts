/** One way to store sessions, in one isolate. A contender scans where it has no other way. */
export interface Sessions {
  /** Creates a session of this owner with a counter at 0. Returns its id. */
  create(owner: string): Promise<string>;
  /** Reads the session and slides its expiry. */
  read(owner: string, id: string): Promise<unknown>;
  /** Adds one to its counter. Throws when it did not. */
  increment(owner: string, id: string): Promise<unknown>;
  list(owner: string): Promise<unknown[]>;
  revokeAll(owner: string): Promise<unknown>;
  counter(owner: string, id: string): Promise<number>;
  /** Resolves when the work behind the answers is done. */
  settled(): Promise<void>;
}

export interface Contender {
  name: string;
  open(url: string, token: string): Sessions;
}

export const ttlMs = 600_000;
