import type { Backend } from "../backend.ts";
import { createDecoder } from "./decode.ts";
import { type Argument, encodeCommand } from "./encode.ts";
import type { Reply } from "./reply.ts";

export interface ReplyStreamOptions {
  onReply(reply: Reply): void;
  /** Called once, whichever side closed the connection. */
  onClose(): void;
}

/** A connection for one command that replies until it is closed: SUBSCRIBE, PSUBSCRIBE or MONITOR. */
export interface ReplyStream {
  start(command: readonly Argument[]): void;
  close(): void;
}

/** Opens a connection for a stream of replies. Rejects when the engine cannot be reached. */
export async function openReplyStream(
  backend: Pick<Backend, "connect">,
  { onReply, onClose }: ReplyStreamOptions,
): Promise<ReplyStream> {
  const connection = await backend.connect();
  const decode = createDecoder(onReply);
  connection.onData((chunk) => {
    try {
      decode(chunk);
    } catch {
      connection.close();
    }
  });
  connection.onClose(onClose);
  return {
    start: (command) => connection.write(encodeCommand(command)),
    close: () => connection.close(),
  };
}
