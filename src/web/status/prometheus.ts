import { boundsMs, type Histogram, histogramOf, type Ledger, numberOf, seriesOf } from "../../metrics/index.ts";
import type { FleetStatus } from "./fleet-status.ts";

/** The content type of Prometheus's text format. */
export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

/** One family of metrics. */
interface Family {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  samples: string[];
}

/** A counter: its series in the ledger, and the names of their labels. */
interface Counted {
  name: string;
  help: string;
  series: string;
  labels: readonly string[];
}

const counters: readonly Counted[] = [
  { name: "interactions", help: "Interactions.", series: "interactions", labels: ["command", "kind", "outcome"] },
  { name: "redis_commands", help: "Redis commands as billed.", series: "redis_commands", labels: ["cause"] },
  { name: "redis_events", help: "Requests to Redis, and their failures.", series: "redis", labels: ["event"] },
  { name: "worker_requests", help: "Requests and ticks.", series: "requests", labels: ["type"] },
  { name: "cache_requests", help: "Reads of the cache.", series: "cache_reads", labels: ["kind", "result"] },
  { name: "cache_fetches", help: "Fetches of the cache.", series: "cache_fetches", labels: ["kind", "result"] },
  { name: "sessions", help: "Uses of sessions.", series: "sessions", labels: ["kind", "use"] },
  { name: "job_runs", help: "Runs of jobs.", series: "job_runs", labels: ["kind", "outcome"] },
  { name: "bus_messages", help: "Messages of the bus.", series: "bus", labels: ["event"] },
  { name: "discord_requests", help: "Requests to Discord.", series: "discord_requests", labels: ["status"] },
];

const histograms: readonly Counted[] = [
  {
    name: "interaction_duration_seconds",
    help: "Time until the first answer.",
    series: "interaction_latency",
    labels: ["command", "kind"],
  },
  { name: "redis_request_duration_seconds", help: "Requests to Redis.", series: "redis_latency", labels: [] },
  { name: "discord_request_duration_seconds", help: "Requests to Discord.", series: "discord_latency", labels: [] },
  { name: "job_delay_seconds", help: "How late jobs began.", series: "job_late", labels: ["kind"] },
];

/**
 * Returns the fleet's metrics in Prometheus's text format, summed over all isolates. Counters never go back, unless Redis lost
 * its data. No label is an id.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function writePrometheus(status: FleetStatus, ledger: Ledger | null, version: string): string {
  const families = [
    ...gaugesOf(status, version),
    ...(ledger ? [...counters.map(counterOf(ledger)), ...histograms.map(histogramFamilyOf(ledger))] : []),
  ];
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples].join("\n"))
    .join("\n")
    .concat("\n");
}

// --- Internal helpers ---

const prefixed = (name: string): string => `sandpiper_${name}`;

const counterOf =
  ({ totals }: Ledger) =>
  ({ name: own, help, series, labels }: Counted): Family => {
    const name = prefixed(`${own}_total`);
    const samples = seriesOf(totals, series).map(({ labels: values, key }) =>
      sample(name, pairsOf(labels, values), numberOf(totals, key)),
    );
    return { name, type: "counter", help, samples };
  };

const histogramFamilyOf =
  ({ totals }: Ledger) =>
  ({ name: own, help, series, labels }: Counted): Family => {
    const name = prefixed(own);
    const samples = seriesOf(totals, series).flatMap(({ labels: values, key }) =>
      histogramSamples(name, pairsOf(labels, values), histogramOf(totals, key)),
    );
    return { name, type: "histogram", help, samples };
  };

function histogramSamples(name: string, labels: Labels, { buckets, count, sumMs }: Histogram): string[] {
  let below = 0;
  const cumulated = boundsMs.map((bound, index) => {
    below += buckets[index] ?? 0;
    return sample(`${name}_bucket`, [...labels, ["le", String(bound / 1_000)]], below);
  });
  return [
    ...cumulated,
    sample(`${name}_bucket`, [...labels, ["le", "+Inf"]], count),
    sample(`${name}_sum`, labels, sumMs / 1_000),
    sample(`${name}_count`, labels, count),
  ];
}

function gaugesOf({ jobs, streams, leader, instances, redis, cost }: FleetStatus, version: string): Family[] {
  const gauge = (own: string, help: string, list: readonly (readonly [Labels, number])[]): Family => {
    const name = prefixed(own);
    return { name, type: "gauge", help, samples: list.map(([labels, value]) => sample(name, labels, value)) };
  };
  const states = ["scheduled", "due", "running", "late", "dead", "unreadable"] as const;
  const groups = (streams ?? []).flatMap((stream) =>
    stream.groups.map((group) => ({
      ...group,
      labels: [
        ["stream", stream.name],
        ["group", group.name],
      ] as Labels,
    })),
  );
  return [
    gauge("build_info", "The version of the Worker.", [[[["version", version]], 1]]),
    gauge(
      "instances",
      "Isolates that were heard of in the last ten minutes.",
      instances ? [[[], instances.length]] : [],
    ),
    gauge(
      "leader_lease_remaining_seconds",
      "How long the leader's lease still lasts.",
      leader ? [[[], leader.leaseLeftMs / 1_000]] : [],
    ),
    gauge("jobs", "Jobs by state.", jobs ? states.map((state) => [[["state", state]], jobs[state]] as const) : []),
    gauge("job_lateness_seconds", "How late the latest job is.", jobs ? [[[], jobs.latestMs / 1_000]] : []),
    gauge(
      "stream_messages",
      "Messages kept.",
      (streams ?? []).map(({ name, length }) => [[["stream", name]], length] as const),
    ),
    gauge(
      "stream_lag_messages",
      "Messages that no worker has read.",
      groups.flatMap(({ labels, lag }) => (lag === null ? [] : [[labels, lag] as const])),
    ),
    gauge(
      "stream_pending_messages",
      "Messages read and not acknowledged.",
      groups.map(({ labels, pending }) => [labels, pending] as const),
    ),
    gauge(
      "dead_letter_messages",
      "Messages that could not be delivered.",
      groups.map(({ labels, deadLetters }) => [labels, deadLetters] as const),
    ),
    gauge(
      "redis_breakers",
      "Isolates by the state of their circuit breaker.",
      redis
        ? [
            [[["state", "closed"]], redis.breakers.closed],
            [[["state", "open"]], redis.breakers.open],
            [[["state", "half_open"]], redis.breakers.halfOpen],
          ]
        : [],
    ),
    gauge(
      "redis_month_commands",
      "Redis commands this month, estimated ones included.",
      cost ? [[[], cost.redis.commands]] : [],
    ),
  ];
}

type Labels = readonly (readonly [name: string, value: string])[];

const pairsOf = (names: readonly string[], values: readonly string[]): Labels =>
  names.map((name, index) => [name, values[index] ?? ""]);

const sample = (name: string, labels: Labels, value: number): string => {
  const list = labels.map(([label, text]) => `${label}="${escape(text)}"`).join(",");
  return `${name}${list === "" ? "" : `{${list}}`} ${value}`;
};

const escape = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
