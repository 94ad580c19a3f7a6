import { type Reply, ReplyError, Status } from "./reply.ts";

/** An argument of a command: text is sent as UTF-8, bytes unchanged. */
export type Argument = string | Uint8Array;

/** Returns a command as a RESP array of bulk strings. */
export const encodeCommand = (command: readonly Argument[]): Buffer => encodeCommands([command]);

/** Returns several commands in one buffer. */
export function encodeCommands(commands: readonly (readonly Argument[])[]): Buffer {
  const pieces: Uint8Array[] = [];
  let text = "";
  for (const command of commands) {
    text += `*${command.length}\r\n`;
    for (const argument of command) {
      if (typeof argument === "string") {
        text += `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`;
      } else {
        pieces.push(Buffer.from(`${text}$${argument.length}\r\n`), argument);
        text = "\r\n";
      }
    }
  }
  const rest = Buffer.from(text);
  return pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]);
}

/** Returns replies in RESP2. */
export function encodeReplies(replies: readonly Reply[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const reply of replies) write(reply, pieces);
  return Buffer.concat(pieces);
}

/** Returns the length of an argument in bytes. */
export const byteLength = (argument: Argument): number =>
  typeof argument === "string" ? Buffer.byteLength(argument) : argument.length;

/** Returns an argument as text. */
export const toText = (argument: Argument): string =>
  typeof argument === "string" ? argument : Buffer.from(argument).toString();

// --- Internal helpers ---

function write(reply: Reply, pieces: Uint8Array[]): void {
  if (reply === null) pieces.push(Buffer.from("$-1\r\n"));
  else if (reply instanceof Status) pieces.push(Buffer.from(`+${reply.text}\r\n`));
  else if (reply instanceof ReplyError) pieces.push(Buffer.from(`-${reply.text}\r\n`));
  else if (Array.isArray(reply)) {
    pieces.push(Buffer.from(`*${reply.length}\r\n`));
    for (const item of reply) write(item, pieces);
  } else if (reply instanceof Uint8Array) {
    pieces.push(Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from("\r\n"));
  } else pieces.push(Buffer.from(`:${reply}\r\n`));
}
