import type { RedisCommands } from "../redis/index.ts";
import { type DeadJob, type Job, readJob, writeDead, writeJob } from "./job.ts";
import type { JobKeys } from "./keys.ts";
import { claimScript, finishScript } from "./scripts.lua.ts";

/** A job or wake-up taken for a while. A later claim by another invocation makes this one void. */
export interface Claim {
  id: string;
  /** The stored score while the claim is good. */
  claim: string;
  /** How often it was tried since it became due, this time included. Counts tries whose isolate died. */
  attempt: number;
  /** The stored record; null when there is none. */
  record: string | null;
  /** Undefined when this version cannot read the record. */
  job: Job | undefined;
}

/**
 * What becomes of a claimed job. `again`: due once more, with another record if `job` is given; `tries` keeps count of
 * the tries that no record counts. `dead`: given up.
 */
export type Outcome =
  | { is: "done" }
  | { is: "again"; at: number; job?: Job; tries?: number }
  | { is: "dead"; dead: DeadJob | { record: string; reason: string; at: number } };

export interface Claimed {
  /** The server's time, and when the next is due by it; infinite when there is none. Epoch milliseconds. */
  serverNow: number;
  nextDueAt: number;
  claims: Claim[];
}

export interface Claims {
  /**
   * Returns when the next job is due, or a claim ends; infinite when there is none. Epoch milliseconds.
   * Cost: 1 command, 1 round trip.
   */
  nextDueAt(): Promise<number>;
  /**
   * Claims what is due, `most` at most.
   * Cost: 3 commands, 1 round trip; 5 when something is due.
   */
  claim(most: number): Promise<Claimed>;
  /**
   * Settles a claimed job. Returns false when the claim no longer held.
   * Cost: 5 commands, 1 round trip; 6 for a dead job, 3 for a wake-up that comes again, 2 when the claim no longer held.
   */
  finish(claim: Claim, outcome: Outcome): Promise<boolean>;
}

/** The commands that claim and settle jobs. */
export type ClaimCommands = Pick<RedisCommands, "eval" | "exec">;

export interface ClaimsOptions {
  redis(): ClaimCommands;
  keys: JobKeys;
  claimMs: number;
  keepDeadMs: number;
}

type ClaimReply = [now: number, nextAt: string, ids: string[], claims: string[], records: (string | null)[]];

export function createClaims({ redis, keys, claimMs, keepDeadMs }: ClaimsOptions): Claims {
  return {
    async nextDueAt() {
      const range = ["ZRANGE", keys.due, 0, "(inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES"] as const;
      const [, score] = await redis().exec<string[]>([...range]);
      return dueAt(score);
    },
    async claim(most) {
      const [serverNow, nextAt, ids, claims, records] = await redis().eval<unknown[], ClaimReply>(
        claimScript,
        [keys.due, keys.records],
        [claimMs, most],
      );
      return {
        serverNow,
        nextDueAt: dueAt(nextAt),
        claims: ids.map((id, index) => {
          const record = records[index] ?? null;
          const job = readJob(record);
          const claim = claims[index] ?? "";
          return { id, claim, record, job, attempt: (job?.attempts ?? 0) + claimCount(claim) };
        }),
      };
    },
    async finish({ id, claim, job }, outcome) {
      const next = outcome.is === "again" ? outcome.job : undefined;
      const record = next ? writeJob(next) : outcome.is === "dead" ? writeDead(outcome.dead) : "";
      const at = outcome.is === "again" ? scoreOf(outcome.at, outcome.tries) : 0;
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

const scoreOf = (at: number, tries = 0): string => (Math.floor(at) + tries / 1024).toFixed(10);
