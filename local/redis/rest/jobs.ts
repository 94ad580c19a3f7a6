import { type Argument, toText } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { type CommandCounter, callsBetween, statistics } from "./bill.ts";
import { emulateDelex, emulateScanWithType } from "./emulated.ts";
import { notAvailable } from "./errors.ts";
import { limitPending } from "./pending-limit.ts";
import { admit } from "./refusals.ts";
import { runsScript, type Scripts } from "./scripts.ts";

/**
 * A client's command on its way through the engine: the commands sent for it, and the client's reply made of theirs.
 */
export interface Job {
  /** Empty for a command that is answered without the engine. */
  readonly send: readonly (readonly Argument[])[];
  /** Whether it needs a separate connection. */
  readonly isAlone: boolean;
  /**
   * Whether `send` includes statistics. It then runs as one transaction, or they would count other clients' commands.
   */
  readonly isMeasured: boolean;
  /** Returns the client's reply for the engine's replies, and counts the commands that ran. */
  finish(replies: readonly Reply[]): Reply;
  /** Returns an error of the engine in Upstash's words. */
  explain(error: ReplyError): ReplyError;
}

export interface JobsOptions {
  scripts: Scripts;
  /** Whether the engine has DELEX. */
  hasDelex: boolean;
  /** Whether the engine reports how often it ran each command, so that the calls inside a script can be counted. */
  hasStatistics: boolean;
}

/**
 * Translates a command of Upstash's dialect into the engine's; `bill` counts what it runs. A command with a `refusal` is
 * answered with that error.
 */
export type CreateJob = (command: Command, bill: CommandCounter, refusal?: string) => Job;

export function createJobs({ scripts, hasDelex, hasStatistics }: JobsOptions): CreateJob {
  function plain(
    name: string,
    command: Command,
    bill: CommandCounter,
    send: readonly Argument[] = command,
    isAlone = false,
  ): Job {
    return {
      send: [send],
      isAlone,
      isMeasured: false,
      finish([reply = null]) {
        const isError = reply instanceof ReplyError;
        if (!isError || !isUnknownCommand(reply)) bill.countCommand(name);
        return isError ? explain(reply, name, command) : reply;
      },
      explain: (error) => explain(error, name, command),
    };
  }

  function script(name: string, command: Command, bill: CommandCounter): Job {
    const job = plain(name, command, bill, scripts.toEngine(command));
    if (!hasStatistics) return job;
    return {
      ...job,
      send: [statistics, ...job.send, statistics],
      isMeasured: true,
      finish([before, reply = null, after]) {
        for (const [inner, calls] of callsBetween(before, after)) bill.countCommand(inner, calls);
        return job.finish([reply]);
      },
    };
  }

  function scriptCache(name: string, command: Command, bill: CommandCounter, isAlone: boolean): Job {
    const job = plain(name, command, bill, scripts.toEngine(command), isAlone);
    return { ...job, finish: (replies) => scripts.toClient(job.finish(replies), command) };
  }

  return function createJob(command, bill, refusal) {
    if (refusal !== undefined) return answered(new ReplyError(refusal));
    const name = command[0].toUpperCase();
    const admission = admit(name, command);
    if (admission.kind === "refuse") return answered(new ReplyError(admission.error));
    if (admission.kind === "ignore") return answered(admission.reply);
    const isAlone = admission.kind === "run-alone";
    if (runsScript(name)) return script(name, command, bill);
    switch (name) {
      case "SCRIPT":
        return scriptCache(name, command, bill, isAlone);
      case "XREADGROUP":
        // In a script nothing blocks.
        return plain(name, command, bill, isAlone ? command : limitPending(command), isAlone);
      case "SCAN":
        return plain(name, command, bill, emulateScanWithType(command));
      case "DELEX": {
        const send = hasDelex ? command : emulateDelex(command);
        return send instanceof ReplyError ? answered(send) : plain(name, command, bill, send);
      }
      default:
        return plain(name, command, bill, command, isAlone);
    }
  };
}

// --- Internal helpers ---

const answered = (reply: Reply): Job => ({
  send: [],
  isAlone: false,
  isMeasured: false,
  finish: () => reply,
  explain: (error) => error,
});

const isUnknownCommand = ({ text }: ReplyError): boolean => text.startsWith("ERR unknown command");

/** Options that Upstash has and an engine may lack, and their positions: "syntax error" would be the wrong answer. */
const newerOptions = new Map([
  ["SET", { pattern: /^IF(EQ|NE|DEQ|DNE)$/i, from: 2, to: undefined }],
  ["BITOP", { pattern: /^(DIFF|DIFF1|ANDOR|ONE)$/i, from: 0, to: 1 }],
]);

function explain(reply: ReplyError, name: string, [, ...arguments_]: Command): ReplyError {
  if (isUnknownCommand(reply)) return new ReplyError(notAvailable(name));
  // Redis and Upstash add words that Valkey lacks and clients look for.
  if (reply.text === "NOSCRIPT No matching script.") return new ReplyError(`${reply.text} Please use EVAL.`);
  if (!reply.text.startsWith("ERR syntax error")) return reply;
  const { pattern, from, to } = newerOptions.get(name) ?? {};
  const option = arguments_
    .slice(from, to)
    .map(toText)
    .find((text) => pattern?.test(text));
  return option === undefined ? reply : new ReplyError(notAvailable(`${name} ${option.toUpperCase()}`));
}
