/** A server that speaks RESP: the embedded engine, the engine in a worker thread, or a Redis over TCP. */
export interface Backend {
  /** Shown at the start, such as `embedded Valkey 9.1.1` or `redis://127.0.0.1:6379`. Contains no password. */
  readonly description: string;
  /** Opens one connection to the engine. Rejects with a sentence that says what to do when the engine has ended. */
  connect(): Promise<Connection>;
  /** Ends the engine or its sockets and every open connection. Safe to call twice. */
  close(): Promise<void>;
  /** Called when the engine crashes, after every open connection has been closed: once, unless another engine takes its place. */
  onCrash(listener: (reason: Error) => void): void;
}

/** One client connection: raw RESP bytes both ways, in order. */
export interface Connection {
  write(bytes: Uint8Array): void;
  /** Called once, before the first write. The receiver may keep the chunks. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /** The listener is called once, even after the end; `reason` is set unless a side asked for the end. */
  onClose(listener: (reason?: Error) => void): void;
  close(): void;
}
