/** One way to keep sessions, as an isolate has it. What it cannot do without scanning it does by scanning. */
export interface Sessions {
  /** A new session of this owner with a counter at 0; gives back its id. */
  create(owner: string): Promise<string>;
  /** Uses the session, so that it lives on. */
  read(owner: string, id: string): Promise<unknown>;
  /** Adds one to its counter. Throws where it was not done. */
  increment(owner: string, id: string): Promise<unknown>;
  list(owner: string): Promise<unknown[]>;
  revokeAll(owner: string): Promise<unknown>;
  counter(owner: string, id: string): Promise<number>;
  /** When what goes on behind the answers is done. */
  settled(): Promise<void>;
}

export interface Contender {
  name: string;
  open(url: string, token: string): Sessions;
}

export const ttlMs = 600_000;
