import type { Clock } from "../platform/index.ts";
import type { RedisCommands } from "../redis/index.ts";
import { createKeys } from "./keys.ts";
import { type Breaker, writeReport } from "./report.ts";
import { type MetricsState, note } from "./state.ts";
import type { Tally } from "./tally.ts";

/** Reports what the isolate counted, for one invocation. */
export interface Reporter {
  /**
   * Sends a report if one is due: work was counted, the last report left ten seconds ago, and the isolate has sent twenty commands
   * for each report before, or none for ten minutes. Leaves with the commands of the same tick. Never throws.
   * Cost: 1 command, 0 round trips when another command is sent; 0 when none is due.
   */
  reportAlong(): void;
  /**
   * Sends what was counted, due or not. Never throws: what Redis did not take is sent again with the next report.
   * Cost: 1 command, 1 round trip; 0 when nothing was counted; 1 of each more after a lost reply.
   */
  report(): Promise<void>;
}

/** The commands that report. */
export type ReportCommands = Pick<RedisCommands, "exec">;

export interface ReporterOptions {
  state: MetricsState;
  redis(): ReportCommands;
  /** Begins every key. */
  prefix: string;
  /** The isolate. */
  id: string;
  startedAt: number;
  clock: Pick<Clock, "now">;
  /** Keeps the invocation alive for a report. */
  waitUntil(work: Promise<unknown>): void;
  /** Returns the counters of other parts, which only grow, by series: a report holds what they grew by. */
  counters(): ReadonlyMap<string, number>;
  /** Returns the state of the isolate's circuit breaker. */
  breaker(): Breaker;
  /** Called after a report was taken. */
  onReported?(): void;
}

/** An isolate reports no more often than this. */
const leastMs = 10_000;
/** An isolate that sends hardly any commands earns one report in this time. */
const earnMs = 600_000;
/** A report whose reply was lost is given up after this: the ledger no longer tells whether it arrived. */
const giveUpMs = 600_000;
/** The reports kept, give or take a hundred: far more than there are between two sums. */
const mostReports = 10_000;

export function createReporter({
  state,
  redis,
  prefix,
  id,
  startedAt,
  clock,
  waitUntil,
  counters,
  breaker,
  onReported = () => {},
}: ReporterOptions): Reporter {
  const keys = createKeys(prefix);

  function isDue(): boolean {
    const silentMs = clock.now() - state.reportedAt;
    return state.hasWorked && silentMs >= leastMs && state.credit + silentMs / earnMs >= 1;
  }

  function collect(): void {
    const now = clock.now();
    for (const [key, value] of counters()) {
      const grown = value - (state.seen.get(key) ?? 0);
      if (grown <= 0) continue;
      state.seen.set(key, value);
      note(state, now, key, grown);
    }
  }

  /** Puts what was counted into a report. Returns false when there is nothing to report. */
  function seal(): boolean {
    const now = clock.now();
    collect();
    const minutes: [number, Tally][] = [...state.minutes];
    if (minutes.length === 0) return false;
    state.sequence += 1;
    state.minutes = new Map();
    state.hasWorked = false;
    const sealed = { id, sequence: state.sequence, startedAt, at: now, breaker: breaker(), minutes };
    state.pending = { text: writeReport(sealed), at: now };
    return true;
  }

  async function send(): Promise<void> {
    const { pending } = state;
    if (!pending) return;
    state.reportedAt = clock.now();
    // After a lost reply the same report is sent again: readers know it by its number.
    await redis().exec(["XADD", keys.reports, "MAXLEN", "~", mostReports, "*", "r", pending.text]);
    if (state.pending === pending) state.pending = undefined;
    onReported();
  }

  async function attempt(): Promise<void> {
    if (state.pending && clock.now() - state.pending.at > giveUpMs) state.pending = undefined;
    if (state.pending) return send();
    if (seal()) await send();
  }

  return {
    reportAlong() {
      if (isDue()) waitUntil(attempt().catch(() => {}));
    },
    async report() {
      try {
        if (state.pending) await attempt();
        await attempt();
      } catch {
        // It is pending, and sent again.
      }
    },
  };
}
