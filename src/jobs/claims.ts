import type { Fence } from "../coordination/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { type DeadJob, type Job, readJob, writeDead, writeJob } from "./job.ts";
import type { JobKeys } from "./keys.ts";
import { claimScript, finishScript } from "./scripts.lua.ts";

/** A job that one runner took for a while. A later claim of the same job makes this one void. */
export interface Claim {
  id: string;
  /** The job's score in the sorted set, while the claim is valid. */
  claim: string;
  /** Tries since it became due, this one and those whose isolate died included. */
  attempt: number;
  /** Undefined when this version cannot read its record. */
  job: Job | undefined;
  /** The record does not exist: nothing is to be done. */
  isGone: boolean;
}

/** The outcome of a claimed job. `again`: the job, as it then is, is tried at `at`. */
export type Outcome = { is: "done" } | { is: "again"; job: Job; at: number } | ({ is: "dead" } & DeadJob);

export interface Claimed {
  /** The server's time, in epoch milliseconds. */
  serverNow: number;
  /** When the next job is due, by the server's clock; infinite when there is none. */
  nextDueAt: number;
  claims: Claim[];
}

export interface Claims {
  /** Returns when the next job is due, or a claim ends; infinite when there is none. Cost: 1 command, 1 round trip. */
  nextDueAt(): Promise<number>;
  /**
   * Claims what is due. Returns undefined when the fence refuses: then the lease is lost.
   * Cost: 3 commands, 1 round trip; 5 commands when something is due; 1 command more behind a fence.
   */
  claim(fence?: Fence): Promise<Claimed | undefined>;
  /**
   * Settles a claimed job. Returns false when the claim was no longer valid.
   * Cost: 5 commands, 1 round trip; 6 commands for a dead job; 2 commands for a claim that is no longer valid.
   */
  finish(claim: Claim, outcome: Outcome): Promise<boolean>;
}

/** The commands that claim and settle jobs. */
export type ClaimCommands = Pick<RedisCommands, "eval" | "exec">;

export interface ClaimsOptions {
  redis(): ClaimCommands;
  keys: JobKeys;
  /** How long a claim is valid, in milliseconds. */
  claimMs: number;
  /** The most jobs of one claim. */
  most: number;
  /** How long a dead job is kept, in milliseconds. */
  keepDeadMs: number;
}

type ClaimReply = [now: number, nextAt: string, ids: string[], claims: string[], records: (string | null)[]];

export function createClaims({ redis, keys, claimMs, most, keepDeadMs }: ClaimsOptions): Claims {
  return {
    async nextDueAt() {
      const [, score] = await redis().exec<string[]>(["ZRANGE", keys.due, 0, 0, "WITHSCORES"]);
      return dueAt(score);
    },
    async claim(fence) {
      const names = [keys.due, keys.records];
      const fenced = fence && (await fence.run<ClaimReply>(claimScript(3), names, [claimMs, most]));
      if (fenced?.accepted === false) return undefined;
      const [serverNow, nextAt, ids, claims, records] =
        fenced?.reply ?? (await redis().eval<unknown[], ClaimReply>(claimScript(1), names, [claimMs, most]));
      return {
        serverNow,
        nextDueAt: dueAt(nextAt),
        claims: ids.map((id, index) => {
          const record = records[index] ?? null;
          const job = readJob(record);
          const claim = claims[index] ?? "";
          return { id, claim, job, isGone: record === null, attempt: (job?.attempts ?? 0) + claimCount(claim) };
        }),
      };
    },
    async finish({ id, claim, job }, outcome) {
      const next = outcome.is === "again" ? outcome.job : undefined;
      const record = next ? writeJob(next) : outcome.is === "dead" ? writeDead(outcome) : "";
      const at = outcome.is === "again" ? outcome.at : 0;
      const reply = await redis().eval(
        finishScript,
        [keys.due, keys.records, keys.owned(job?.owner ?? ""), keys.dead],
        [id, claim, outcome.is, record, at, next?.dueAt ?? 0, keepDeadMs],
      );
      return reply === 1;
    },
  };
}

// --- Internal helpers ---

/** Returns a score without its fraction, which counts claims. */
const dueAt = (score: string | undefined): number => (score ? Math.floor(Number(score)) : Number.POSITIVE_INFINITY);

const claimCount = (claim: string): number => Math.round((Number(claim) % 1) * 1024);
