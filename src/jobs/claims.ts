import { type RedisCommands, sendAgainIfUnknown } from "../redis/index.ts";
import { type DeadJob, type Job, readJob, writeDead, writeJob } from "./job.ts";
import { graveOf, type JobKeys } from "./keys.ts";
import { claimScript, finishScript } from "./scripts.lua.ts";

/** A job or wake-up taken for a while. A later claim by another invocation makes this one void. */
export interface Claim {
  id: string;
  /** The stored score while the claim is good. */
  claim: string;
  /** When it was due, in epoch milliseconds: its place among the others, should it be given back. */
  dueAt: number;
  /** Which try this is since it became due, counting claims that ended unfinished: their isolates died. */
  attempt: number;
  /** Claims that ended unfinished, not counted by the record. */
  unfinished: number;
  /** The stored record; null when there is none. */
  record: string | null;
  /** Undefined when this version cannot read the record. */
  job: Job | undefined;
}

/**
 * The end of a claim. `again`: due once more, with another record if `job` is given; `unfinished` keeps count of the tries that
 * no record counts. `dead`: given up.
 */
export type Outcome =
  | { is: "done" }
  | { is: "again"; at: number; job?: Job; unfinished?: number }
  | { is: "dead"; dead: DeadJob | { record: string; reason: string; at: number } };

export interface Claimed {
  /** The server's time, in epoch milliseconds. */
  serverNow: number;
  next: Next;
  claims: Claim[];
}

/** The job that is due next. */
export interface Next {
  /** Epoch milliseconds; infinite when there is none. */
  dueAt: number;
  /** It is claimed, and due when the claim ends: most are settled by then. */
  isClaimed: boolean;
}

export interface Claims {
  /**
   * Returns the job that is due next.
   * Cost: 1 command, 1 round trip.
   */
  next(): Promise<Next>;
  /**
   * Claims due jobs and wake-ups, `most` at most.
   * Cost: 3 commands, 1 round trip; 5 when something is due.
   */
  claim(most: number): Promise<Claimed>;
  /**
   * Settles a claimed job. Returns false when the claim no longer held.
   * Cost: 5 commands, 1 round trip; 8 for a dead job, 3 for one that comes again as it is, 2 when the claim no longer held;
   * after a lost reply once more.
   */
  finish(claim: Claim, outcome: Outcome): Promise<boolean>;
}

/** The commands that claim and settle jobs. */
export type ClaimCommands = Pick<RedisCommands, "eval" | "exec">;

export interface ClaimsOptions {
  redis(): ClaimCommands;
  /** Returns the commands that look. Default: `redis`. */
  lookRedis?(): ClaimCommands;
  keys: JobKeys;
  claimMs: number;
  keepDeadMs: number;
}

type ClaimReply = [
  now: number,
  nextAt: string,
  ids: string[],
  scores: string[],
  claims: string[],
  records: (string | null)[],
];

export function createClaims({ redis, lookRedis = redis, keys, claimMs, keepDeadMs }: ClaimsOptions): Claims {
  return {
    async next() {
      const range = ["ZRANGE", keys.due, 0, "(inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES"] as const;
      const [, score] = await lookRedis().exec<string[]>([...range]);
      return nextOf(score);
    },
    async claim(most) {
      const [serverNow, nextAt, ids, scores, claims, records] = await redis().eval<unknown[], ClaimReply>(
        claimScript,
        [keys.due, keys.records],
        [claimMs, most],
      );
      return {
        serverNow,
        next: nextOf(nextAt),
        claims: ids.map((id, index) => {
          const record = records[index] ?? null;
          const job = readJob(record);
          const claim = claims[index] ?? "";
          const { dueAt } = nextOf(scores[index]);
          const unfinished = claimCount(claim) - 1;
          return { id, claim, dueAt, record, job, unfinished, attempt: (job?.attempts ?? 0) + unfinished + 1 };
        }),
      };
    },
    async finish({ id, claim, job }, outcome) {
      const next = outcome.is === "again" ? outcome.job : undefined;
      const record = next ? writeJob(next) : outcome.is === "dead" ? writeDead(outcome.dead) : "";
      const at = outcome.is === "again" ? scoreOf(outcome.at, outcome.unfinished) : 0;
      const finish = () =>
        redis().eval(
          finishScript,
          [
            keys.due,
            keys.records,
            keys.owned(job?.owner ?? ""),
            job ? keys.dead(job.owner) : keys.unreadable,
            keys.graves,
          ],
          [
            id,
            claim,
            outcome.is,
            record,
            at,
            next?.dueAt ?? 0,
            keepDeadMs,
            job ? graveOf(job) : "",
            outcome.is === "dead" ? outcome.dead.at : 0,
          ],
        );
      // Refused the second time: the first call ended the claim.
      return sendAgainIfUnknown(async (isAgain) => (await finish()) === 1 || isAgain);
    },
  };
}

// --- Internal helpers ---

/** A score below every time, such as `-inf`, is due. Its fraction counts claims. */
function nextOf(score: string | undefined): Next {
  if (!score) return { dueAt: Number.POSITIVE_INFINITY, isClaimed: false };
  const at = Math.max(0, Number(score) || 0);
  return { dueAt: Math.floor(at), isClaimed: at % 1 > 0 };
}

const claimCount = (claim: string): number => (Number(claim) % 1) * 1024;

/** As text: a number could be rounded on its way. */
const scoreOf = (at: number, unfinished = 0): string => String(at + unfinished / 1024);
