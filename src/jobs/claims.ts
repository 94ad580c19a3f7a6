import type { Fence } from "../coordination/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { type DeadJob, type Job, readJob, writeJob } from "./job.ts";
import { writeDead } from "./jobs.ts";
import type { JobKeys } from "./keys.ts";
import { claimScript, finishScript } from "./scripts.lua.ts";

/** A job taken for a while. Who else takes it later has another claim, and this one is then worth nothing. */
export interface Claim {
  id: string;
  /** What stands at the job in the sorted set while the claim is good. */
  claim: string;
  /** How often it was tried since it became due, this time included; counts tries whose isolate died. */
  attempt: number;
  /** Undefined when this version cannot read its record. */
  job: Job | undefined;
  /** There is no record: nothing to be done. */
  isGone: boolean;
}

/** What became of a claimed job. `again`: later, with the job as it then is. */
export type Outcome = { is: "done" } | { is: "again"; job: Job; at: number } | ({ is: "dead" } & DeadJob);

export interface Claimed {
  /** The server's time, and when the next job is due by it; infinite when there is none. Epoch milliseconds. */
  serverNow: number;
  nextDueAt: number;
  claims: Claim[];
}

export interface Claims {
  /** When the next job is due, or a claim ends; infinite when there is none. 1 command in 1 round trip. */
  nextDueAt(): Promise<number>;
  /**
   * Takes what is due, in 1 round trip: billed as 3, 5 when something is due, and 1 more with a fence. Undefined when the
   * fence refuses: the lease is lost.
   */
  claim(fence?: Fence): Promise<Claimed | undefined>;
  /** Settles a claimed job; false when the claim was good no more. Billed as 5, 6 for a dead one, 2 when refused; 1 round trip. */
  finish(claim: Claim, outcome: Outcome): Promise<boolean>;
}

/** The commands that claim and settle jobs. */
export type ClaimCommands = Pick<RedisCommands, "eval" | "exec">;

export interface ClaimsOptions {
  redis(): ClaimCommands;
  keys: JobKeys;
  claimMs: number;
  most: number;
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

/** Without the fraction, which counts claims. */
const dueAt = (score: string | undefined): number => (score ? Math.floor(Number(score)) : Number.POSITIVE_INFINITY);

const claimCount = (claim: string): number => Math.round((Number(claim) % 1) * 1024);
