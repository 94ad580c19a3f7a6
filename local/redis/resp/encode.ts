import { type Reply, ReplyError, Status } from "./reply.ts";

/** A command's argument: text is sent as UTF-8. */
export type Argument = string | Uint8Array;

/** One command as a RESP array of bulk strings. */
export const encodeCommand = (command: readonly Argument[]): Buffer => encodeCommands([command]);

/** Commands one after the other, in one buffer made in one go. */
export function encodeCommands(commands: readonly (readonly Argument[])[]): Buffer {
  let size = 0;
  for (const command of commands) {
    size += headerSize(command.length);
    for (const argument of command) {
      const length = byteLength(argument);
      size += headerSize(length) + length + 2;
    }
  }
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  for (const command of commands) {
    at += buffer.write(`*${command.length}\r\n`, at, "latin1");
    for (const argument of command) {
      at += buffer.write(`$${byteLength(argument)}\r\n`, at, "latin1");
      if (typeof argument === "string") at += buffer.write(argument, at);
      else {
        buffer.set(argument, at);
        at += argument.length;
      }
      at += buffer.write("\r\n", at, "latin1");
    }
  }
  return buffer;
}

/** A reply back in RESP2, for `Upstash-Response-Format: resp2`. */
export function encodeReply(reply: Reply): Buffer {
  if (reply === null) return Buffer.from("$-1\r\n");
  if (typeof reply === "number" || typeof reply === "bigint") return Buffer.from(`:${reply}\r\n`);
  if (reply instanceof Status) return Buffer.from(`+${reply.text}\r\n`);
  if (reply instanceof ReplyError) return Buffer.from(`-${reply.text}\r\n`);
  if (Array.isArray(reply)) return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(encodeReply)]);
  return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from("\r\n")]);
}

export const byteLength = (argument: Argument): number =>
  typeof argument === "string" ? Buffer.byteLength(argument) : argument.length;

const headerSize = (count: number): number => String(count).length + 3;
