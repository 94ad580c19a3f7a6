import type { Concern, FleetStatus } from "./fleet-status.ts";

type Read = Omit<FleetStatus, "level" | "sentence" | "concerns">;

/** Messages that wait for longer than this behind a group were forgotten, not slow. */
const stuckMs = 300_000;
/** A share of failures that is worth a look, and how many it takes to be one. */
const errorShare = 0.05;
const leastErrors = 3;

/** Returns what needs a hand, the worst first. */
export function concernsOf(status: Read): Concern[] {
  const concerns = [
    ...fromReading(status),
    ...fromRedis(status),
    ...fromLeader(status),
    ...fromJobs(status),
    ...fromStreams(status),
    ...fromRates(status),
    ...fromCost(status),
  ];
  return concerns.toSorted((a, b) => order[a.severity] - order[b.severity]);
}

export function levelOf(concerns: readonly Concern[]): FleetStatus["level"] {
  const [worst] = concerns;
  return worst?.severity ?? "well";
}

/** Returns the status as one sentence. */
export function sentenceOf({ instances, leader, jobs }: Read, concerns: readonly Concern[]): string {
  const [worst, ...others] = concerns;
  if (worst) {
    const more =
      others.length === 0 ? "" : ` ${plural(others.length, "other thing needs", "other things need")} a look.`;
    return `${worst.severity === "trouble" ? "Trouble" : "Needs a look"}: ${worst.text}${more}`;
  }
  const parts = [
    instances && plural(instances.length, "instance", "instances"),
    leader?.id && `leader ${leader.id}`,
    jobs && "nothing late",
  ].filter((part) => typeof part === "string" && part !== "");
  return `All well: ${parts.join(", ")}.`;
}

// --- Internal helpers ---

const order = { trouble: 0, attention: 1 } as const;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const fromReading = ({ missing }: Read): Concern[] =>
  missing.map(({ part, reason }) => ({
    kind: "unread-part",
    severity: "trouble",
    text: `The ${part} could not be read: ${reason}.`,
    about: part,
  }));

function fromRedis({ redis }: Read): Concern[] {
  if (!redis) return [];
  const concerns: Concern[] = [];
  const broken = redis.breakers.open + redis.breakers.halfOpen;
  if (broken > 0) {
    const text = `${plural(broken, "instance has", "instances have")} stopped asking Redis, which did not answer. They try again by themselves.`;
    concerns.push({ kind: "breaker-open", severity: "trouble", text, count: broken });
  }
  if (redis.errors >= leastErrors && redis.errors > redis.requests * errorShare) {
    const text = `${redis.errors} of ${redis.requests} requests to Redis failed in the last hour. The log says why.`;
    concerns.push({ kind: "redis-failing", severity: "trouble", text, count: redis.errors });
  }
  return concerns;
}

function fromLeader({ leader, instances }: Read): Concern[] {
  const id = leader?.id;
  if (!leader || !id || !instances || instances.some((one) => one.id === id)) return [];
  const text = `The leader ${id} was not heard of for ten minutes. Another takes over in ${seconds(leader.leaseLeftMs)}.`;
  return [{ kind: "leader-gone", severity: "attention", text, about: id }];
}

function fromJobs({ jobs }: Read): Concern[] {
  if (!jobs) return [];
  const concerns: Concern[] = [];
  const { late, latestMs, dead, unreadable, upcoming } = jobs;
  if (late > 0) {
    const text = `${plural(late, "job is", "jobs are")} late, by up to ${seconds(latestMs)}. Does the cron trigger run?`;
    concerns.push({ kind: "late-jobs", severity: "trouble", text, count: late });
  }
  if (dead > 0) {
    const text = `${plural(dead, "job was", "jobs were")} given up. Try them again, or drop them.`;
    concerns.push({ kind: "dead-jobs", severity: "attention", text, count: dead });
  }
  if (unreadable > 0) {
    const text = `${plural(unreadable, "stored job", "stored jobs")} could not be read and ${unreadable === 1 ? "was" : "were"} set aside. The log names them.`;
    concerns.push({ kind: "unreadable-jobs", severity: "attention", text, count: unreadable });
  }
  const orphans = new Set(upcoming.filter(({ isOrphaned }) => isOrphaned).map(({ kind }) => kind));
  for (const kind of orphans) {
    const text = `No feature does jobs of the kind ${kind}. Bring the feature back, or cancel them.`;
    concerns.push({ kind: "orphaned-job", severity: "attention", text, about: kind });
  }
  for (const { id, kind, failures } of upcoming.filter(({ failures }) => failures > 0)) {
    const text = `The recurring job ${id} (${kind}) has failed ${plural(failures, "time", "times")} in a row.`;
    concerns.push({ kind: "failing-recurrence", severity: "attention", text, count: failures, about: id });
  }
  return concerns;
}

function fromStreams({ streams }: Read): Concern[] {
  const groups = (streams ?? []).flatMap((stream) => stream.groups);
  return groups.flatMap(({ name, deadLetters, consumers }) => {
    const concerns: Concern[] = [];
    if (deadLetters > 0) {
      const text = `${plural(deadLetters, "message", "messages")} of the group ${name} could not be delivered. Replay them, or drop them.`;
      concerns.push({ kind: "dead-letters", severity: "attention", text, count: deadLetters, about: name });
    }
    const stuck = consumers.filter(({ pending, idleMs }) => pending > 0 && idleMs > stuckMs);
    const count = stuck.reduce((sum, { pending }) => sum + pending, 0);
    if (count > 0) {
      const text = `${plural(count, "message", "messages")} of the group ${name} ${count === 1 ? "waits" : "wait"} since its worker stopped.`;
      concerns.push({ kind: "stuck-messages", severity: "attention", text, count, about: name });
    }
    return concerns;
  });
}

function fromRates({ rates, commands, discord }: Read): Concern[] {
  const concerns: Concern[] = [];
  const { interactions = 0, errors = 0 } = rates?.total ?? {};
  if (errors >= leastErrors && errors > interactions * errorShare) {
    const worst = commands?.toSorted((a, b) => b.outcomes.failed - a.outcomes.failed)[0];
    const where = worst ? `, most of them at ${worst.command}` : "";
    const text = `${errors} of ${interactions} interactions failed in the last hour${where}. The log has the references.`;
    concerns.push({ kind: "errors", severity: "trouble", text, count: errors });
  }
  if (discord && discord.rateLimited > 0) {
    const text = `Discord limited ${plural(discord.rateLimited, "request", "requests")} in the last hour.`;
    concerns.push({ kind: "rate-limited", severity: "attention", text, count: discord.rateLimited });
  }
  return concerns;
}

function fromCost({ cost }: Read): Concern[] {
  const share = cost?.redis.free.share ?? 0;
  // Beyond that the database is on a paid plan: on the free one Redis would refuse.
  if (share < 0.8 || share > 1.05) return [];
  const text = `${Math.round(share * 100)} % of Upstash's free month is used up. On the free plan Redis refuses more than that.`;
  return [{ kind: "free-tier", severity: "attention", text }];
}

const seconds = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
