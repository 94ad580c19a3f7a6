import type { Argument } from "../resp/encode.ts";
import { type Reply, ReplyError, Status } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { type Bill, callsBetween, statistics } from "./bill.ts";
import { notAvailable } from "./errors.ts";
import { isNothing, refusal } from "./refusals.ts";
import { runsScript, type Scripts } from "./scripts.ts";

/** One command of a client on its way through the engine: what is sent for it, and what its replies mean to the client. */
export interface Job {
  command: Command;
  /** What the engine gets, contiguously; nothing for a command that is answered here. */
  send: readonly (readonly Argument[])[];
  /** The client's reply, once the engine's are here; `ask` sends further commands. */
  finish(replies: readonly Reply[], ask: (commands: Argument[][]) => Promise<Reply[]>): Reply | Promise<Reply>;
}

export interface JobOptions {
  scripts: Scripts;
  bill: Bill;
  /** Has the engine a `DELEX` of its own? */
  hasDelex: boolean;
}

/** Upstash's dialect in terms of the engine's. */
export function createJob(command: Command, { scripts, bill, hasDelex }: JobOptions): Job {
  const refused = refusal(command);
  if (refused !== undefined) return answered(command, new ReplyError(refused));
  if (isNothing(command)) return answered(command, new Status("OK"));

  const name = command[0].toUpperCase();
  const plain = (send: readonly Argument[] = command): Job => ({
    command,
    send: [send],
    finish: ([reply = null]) => {
      bill.countCommand(name);
      return translated(reply, command);
    },
  });

  if (name === "DELEX" && !hasDelex) {
    const send = delex(command);
    return send instanceof ReplyError ? answered(command, send) : plain(send);
  }
  if (name === "SCAN" && isWithType(command)) return scanWithType(plain(command.slice(0, -1)));
  if (runsScript(command)) {
    return {
      command,
      send: [statistics, scripts.toEngine(command), statistics],
      finish: ([before, reply = null, after]) => {
        bill.countCommand(name);
        for (const [inner, calls] of callsBetween(before, after)) bill.countCommand(inner, calls);
        return translated(reply, command);
      },
    };
  }
  if (name === "SCRIPT") {
    const job = plain(scripts.toEngine(command));
    return {
      ...job,
      async finish(replies, ask) {
        const reply = await job.finish(replies, ask);
        return reply instanceof Uint8Array
          ? Buffer.from(scripts.toClient(Buffer.from(reply).toString(), command))
          : reply;
      },
    };
  }
  return plain();
}

const answered = (command: Command, reply: Reply): Job => ({ command, send: [], finish: () => reply });

/** Options that Upstash has and the engine may not: it then calls them a syntax error, which would be the wrong answer. */
const newerOptions: Record<string, RegExp> = {
  SET: /^IF(EQ|NE|DEQ|DNE)$/,
  BITOP: /^(DIFF|DIFF1|ANDOR|ONE)$/,
};

/** The engine's errors in Upstash's words. */
function translated(reply: Reply, [name, ...arguments_]: Command): Reply {
  if (!(reply instanceof ReplyError)) return reply;
  if (reply.text.startsWith("ERR unknown command")) return new ReplyError(notAvailable(name));
  if (reply.text === "NOSCRIPT No matching script.") return new ReplyError(`${reply.text} Please use EVAL.`);
  if (reply.text === "ERR syntax error") {
    const pattern = newerOptions[name.toUpperCase()];
    const option = arguments_.map((argument) => argument.toString().toUpperCase()).find((text) => pattern?.test(text));
    if (option !== undefined) return new ReplyError(notAvailable(`${name.toUpperCase()} ${option}`));
  }
  return reply;
}

/** KEYS[1]: the key. ARGV[1]: IFEQ or IFNE. ARGV[2]: the value to compare with. Returns how many keys were deleted. */
const delexScript = `local value = redis.call('GET', KEYS[1])
if value == false or (value == ARGV[2]) ~= (ARGV[1] == 'IFEQ') then return 0 end
return redis.call('DEL', KEYS[1])`;

/** `DELEX key [IFEQ value | IFNE value]` for an engine without it: atomic, and billed as the one command it is. */
function delex([, key, condition, value, ...more]: Command): readonly Argument[] | ReplyError {
  if (key === undefined || (condition !== undefined && value === undefined) || more.length > 0) {
    return new ReplyError("ERR wrong number of arguments for 'delex' command");
  }
  if (condition === undefined || value === undefined) return ["DEL", key];
  const how = condition.toString().toUpperCase();
  if (how === "IFEQ" || how === "IFNE") return ["EVAL", delexScript, "1", key, how, value];
  return new ReplyError(/^IFD(EQ|NE)$/.test(how) ? notAvailable(`DELEX ${how}`) : "ERR syntax error");
}

const isWithType = (command: Command): boolean => command.at(-1)?.toString().toUpperCase() === "WITHTYPE";

/** `SCAN … WITHTYPE` answers `[cursor, [key, type, …]]`. */
const scanWithType = (scan: Job): Job => ({
  ...scan,
  async finish(replies, ask) {
    const reply = await scan.finish(replies, ask);
    if (!Array.isArray(reply)) return reply;
    const [cursor = null, keys] = reply;
    const names = Array.isArray(keys) ? keys.filter((key) => key instanceof Uint8Array) : [];
    const types = await ask(names.map((key) => ["TYPE", key]));
    return [cursor, names.flatMap((key, index) => [key, types[index] ?? null])];
  },
});
