/** The messages between the two sides of `thread.ts`, sent in arrays. */
export type ToThread =
  | { type: "open"; id: number }
  | { type: "data"; id: number; chunk: Uint8Array }
  | { type: "close"; id: number }
  | { type: "ahead"; ms: number }
  | { type: "alive?" };

export type FromThread =
  | { type: "ready" }
  | { type: "data"; id: number; chunk: Uint8Array }
  | { type: "closed"; id: number; reason?: string }
  | { type: "alive" }
  | { type: "log"; line: string }
  | { type: "crash"; reason: string };
