import type { Backend } from "../backend.ts";
import { connectClient, createReconnectingClient, type RespClient } from "../resp/client.ts";
import type { Argument } from "../resp/encode.ts";
import { type Reply, ReplyError } from "../resp/reply.ts";
import type { Command } from "./arguments.ts";
import { type Bill, createBill } from "./bill.ts";
import { RestError } from "./errors.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createJob, type Job } from "./jobs.ts";
import { isBlocking } from "./refusals.ts";
import { createScripts } from "./scripts.ts";

/** One database behind the REST protocol: an engine, its shared connection, its bill. */
export interface Database {
  readonly backend: Backend;
  readonly bill: Bill;
  readonly faults: Faults;
  /** Commands in order, not atomic. One reply each; a failed command's is a `ReplyError`. */
  pipeline(commands: readonly Command[], gone: AbortSignal): Promise<Reply[]>;
  /** All or nothing: a transaction that is refused as a whole throws `RestError`. */
  transaction(commands: readonly Command[]): Promise<Reply[]>;
  close(): Promise<void>;
}

export async function openDatabase(backend: Backend): Promise<Database> {
  const shared = createReconnectingClient(backend);
  const scripts = createScripts();
  const bill = createBill();
  const [delexInfo] = await shared.send([["COMMAND", "INFO", "DELEX"]]);
  const hasDelex = Array.isArray(delexInfo) && Array.isArray(delexInfo[0]);
  const jobsFor = (commands: readonly Command[]) =>
    commands.map((command) => createJob(command, { scripts, bill, hasDelex }));

  /** Hands each job its share of the replies. */
  async function finish(jobs: readonly Job[], replies: readonly Reply[]): Promise<Reply[]> {
    const results: Reply[] = [];
    let at = 0;
    for (const job of jobs) {
      results.push(await job.finish(replies.slice(at, (at += job.send.length)), (more) => shared.send(more)));
    }
    return results;
  }

  async function pipeline(commands: readonly Command[], gone: AbortSignal): Promise<Reply[]> {
    const jobs = jobsFor(commands);
    const send = jobs.flatMap((job) => job.send);
    const replies = commands.some(isBlocking) ? await sendAlone(backend, send, gone) : await shared.send(send);
    return finish(jobs, replies);
  }

  async function transaction(commands: readonly Command[]): Promise<Reply[]> {
    const jobs = jobsFor(commands);
    const refused = await firstRefusal(jobs);
    if (refused) throw new RestError(400, refused.text);
    // Written in one piece: nobody else's command comes between on the shared connection.
    const replies = await shared.send([["MULTI"], ...jobs.flatMap((job) => job.send), ["EXEC"]]);
    const results = replies.at(-1);
    if (Array.isArray(results)) return finish(jobs, results);
    const queued = await finish(jobs, replies.slice(1, -1));
    const reason = queued.find((reply) => reply instanceof ReplyError) ?? results;
    throw new RestError(400, reason instanceof ReplyError ? reason.text : "EXECABORT Transaction discarded.");
  }

  return {
    backend,
    bill,
    faults: createFaults(),
    pipeline,
    transaction,
    async close() {
      shared.close();
      await backend.close();
    },
  };
}

// --- Internal helpers ---

/** On a connection that ends with the request, so that a command may block without holding up anybody. */
async function sendAlone(
  backend: Backend,
  commands: readonly (readonly Argument[])[],
  gone: AbortSignal,
): Promise<Reply[]> {
  const client: RespClient = await connectClient(backend);
  gone.addEventListener("abort", () => client.close(), { once: true });
  try {
    return await client.send(commands);
  } finally {
    client.close();
  }
}

/** A command that is answered without the engine, and by an error, discards a transaction before it begins. */
async function firstRefusal(jobs: readonly Job[]): Promise<ReplyError | undefined> {
  for (const job of jobs) {
    if (job.send.length > 0) continue;
    const reply = await job.finish([], async () => []);
    if (reply instanceof ReplyError) return reply;
  }
  return undefined;
}
