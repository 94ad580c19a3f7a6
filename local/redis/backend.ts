/** Where the bytes of the RESP protocol go: the embedded engine, the engine in a worker thread, or a Redis over TCP. */
export interface Backend {
  /** What the server says of itself at start, such as `embedded Valkey 9.1.1` or `redis://127.0.0.1:6379`. Never a password. */
  readonly description: string;
  /** Opens one connection to the engine. Rejects with an `Error` that says what to do when the engine is gone. */
  connect(): Promise<Connection>;
  /** Ends the engine or its sockets and every open connection. Safe to call twice. */
  close(): Promise<void>;
  /** Called at most once, when the engine dies by itself. Every open connection has been closed by then. */
  onCrash(listener: (reason: Error) => void): void;
}

/** One client connection: raw RESP bytes both ways, in order. */
export interface Connection {
  write(bytes: Uint8Array): void;
  /** Set once, before the first write. Chunks are the receiver's to keep. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /**
   * Called once, for whichever side closed first, also when that was before; `reason` is set when it was not asked for.
   */
  onClose(listener: (reason?: Error) => void): void;
  close(): void;
}
