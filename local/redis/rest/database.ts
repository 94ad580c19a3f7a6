import type { Backend } from "../backend.ts";
import { createRespClient } from "../resp/client.ts";
import type { Argument } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { type Bill, type CommandCounter, createBill, statistics } from "./bill.ts";
import { RestError } from "./errors.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createJobs, type Job } from "./jobs.ts";
import { findLargeKeys, hasLargeArgument } from "./key-size.ts";
import { readOnlyNames } from "./read-only.ts";
import { createScripts } from "./scripts.ts";

/** Calls the listener when the client disconnects, or at once if it has. */
export type WhenGone = (listener: () => void) => void;

/** A database behind the REST protocol: an engine, the connection that its requests share, and its counters. */
export interface Database {
  readonly backend: Backend;
  readonly bill: Bill;
  readonly faults: Faults;
  /** Aborted when the database closes: every wait ends. */
  readonly closing: AbortSignal;
  /**
   * Runs commands in order, not atomically. The reply of a failed one is a `ReplyError`. A blocking command ends when
   * its client disconnects. `counter` counts what is billed.
   */
  pipeline(commands: readonly Command[], whenGone: WhenGone, counter?: CommandCounter): Promise<Reply[]>;
  /** Runs all commands or none. Throws a `RestError` when the transaction is refused. */
  transaction(commands: readonly Command[], counter?: CommandCounter): Promise<Reply[]>;
  /** Runs one command that is not billed. The reply of a failed one is a `ReplyError`. */
  peek(command: readonly Argument[]): Promise<Reply>;
  /** Returns the names of the commands that only read, as the engine lists them. */
  readCommands(): Promise<ReadonlySet<string>>;
  /** Returns a new token for every answer, so that a client can tell two answers apart. */
  syncToken(): string;
  /** Ends every wait and the engine. */
  close(): Promise<void>;
}

/** Connects and asks the engine which commands it has. Rejects when it cannot be reached. */
export async function openDatabase(backend: Backend): Promise<Database> {
  const shared = createRespClient(backend);
  const [delex, stats] = await shared.send([["COMMAND", "INFO", "DELEX"], statistics]);
  const bill = createBill();
  const createJob = createJobs({
    scripts: createScripts(),
    hasDelex: Array.isArray(delex) && Array.isArray(delex[0]),
    hasStatistics: stats instanceof Buffer,
  });
  const closing = new AbortController();
  let answers = 0;
  let reads: Promise<ReadonlySet<string>> | undefined;

  /** Counts for the database, and for one request. */
  const both = (counter: CommandCounter | undefined): CommandCounter => ({
    countCommand(name, times) {
      bill.countCommand(name, times);
      counter?.countCommand(name, times);
    },
  });

  async function createAll(commands: readonly Command[], counter: CommandCounter | undefined): Promise<Job[]> {
    const large = commands.some(hasLargeArgument) ? await findLargeKeys(commands, shared.send) : undefined;
    return commands.map((command, at) => createJob(command, both(counter), large?.get(at)));
  }

  async function together(jobs: readonly Job[]): Promise<Reply[]> {
    const commands: (readonly Argument[])[] = [];
    for (const job of jobs) {
      if (job.isMeasured) commands.push(multi, ...job.send, exec);
      else for (const command of job.send) commands.push(command);
    }
    const replies = await shared.send(commands);
    let at = 0;
    return jobs.map((job) => {
      const start = at;
      at += job.isMeasured ? job.send.length + 2 : job.send.length;
      const own = replies.slice(start, at);
      return job.finish(job.isMeasured ? unwrap(own) : own);
    });
  }

  async function alone(job: Job, whenGone: WhenGone): Promise<Reply> {
    const client = createRespClient(backend);
    whenGone(() => client.close());
    try {
      return job.finish(await client.send(job.send));
    } finally {
      client.close();
    }
  }

  return {
    backend,
    bill,
    faults: createFaults(),
    closing: closing.signal,
    async pipeline(commands, whenGone, counter) {
      const jobs = await createAll(commands, counter);
      if (!jobs.some(({ isAlone }) => isAlone)) return together(jobs);
      const replies: Reply[] = [];
      for (let at = 0; at < jobs.length; ) {
        const job = jobs[at];
        const next = jobs.findIndex(({ isAlone }, index) => isAlone && index >= at);
        if (job?.isAlone) replies.push(await alone(job, whenGone));
        else replies.push(...(await together(jobs.slice(at, next < 0 ? undefined : next))));
        at = replies.length;
      }
      return replies;
    },
    async transaction(commands, counter) {
      const jobs = await createAll(commands, counter);
      for (const job of jobs) {
        const refusal = job.send.length === 0 ? job.finish([]) : undefined;
        if (refusal instanceof ReplyError) throw new RestError(400, refusal.text);
      }
      const replies = await shared.send([["MULTI"], ...jobs.flatMap(({ send }) => send), ["EXEC"]]);
      const results = replies.at(-1);
      let at = 0;
      if (Array.isArray(results)) {
        return jobs.map((job) => job.finish(results.slice(at, (at += job.send.length))));
      }
      // Refused while commands were queued: the answer is the first refusal, in Upstash's words for that command.
      for (const job of jobs) {
        const queued = replies.slice(at + 1, (at += job.send.length) + 1);
        const error = queued.find((reply) => reply instanceof ReplyError);
        if (error) throw new RestError(400, job.explain(error).text);
      }
      throw new RestError(400, results instanceof ReplyError ? results.text : "EXECABORT Transaction discarded.");
    },
    peek: async (command) => (await shared.send([command]))[0] ?? null,
    readCommands() {
      reads ??= shared.send([["COMMAND"]]).then(([list]) => readOnlyNames(list));
      reads.catch(() => (reads = undefined));
      return reads;
    },
    syncToken: () => (answers += 1).toString(32).toUpperCase().padStart(8, "0"),
    async close() {
      closing.abort();
      shared.close(new Error("The Redis REST server was closed."));
      await backend.close();
    },
  };
}

// --- Internal helpers ---

const multi = ["MULTI"];
const exec = ["EXEC"];

/** Returns the replies inside MULTI … EXEC; when that was refused, the refusal as the measured command's reply. */
function unwrap(replies: readonly Reply[]): readonly Reply[] {
  const results = replies.at(-1);
  return Array.isArray(results) ? results : [null, replies.find((reply) => reply instanceof ReplyError) ?? null];
}
