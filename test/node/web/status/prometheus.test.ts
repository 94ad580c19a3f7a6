import { expect, it } from "vitest";
import { costOf } from "../../../../src/web/status/cost.ts";
import type { FleetStatus } from "../../../../src/web/status/fleet-status.ts";
import { writePrometheus } from "../../../../src/web/status/prometheus.ts";
import { instance, jobs, ledgerWith, now, type ReadStatus, redis, statusWith } from "./support.ts";

const status = (parts: Partial<ReadStatus> = {}): FleetStatus => ({
  ...statusWith(parts),
  level: "well",
  sentence: "",
  concerns: [],
});

const totals = (counts: Record<string, number | number[]>) => ledgerWith({ totals: new Map(Object.entries(counts)) });

it("writes the version alone where nothing could be read", () => {
  expect(writePrometheus(status(), null, "1.2.3")).toBe(
    [
      "# HELP sandpiper_build_info The version of the Worker.",
      "# TYPE sandpiper_build_info gauge",
      'sandpiper_build_info{version="1.2.3"} 1',
      "",
    ].join("\n"),
  );
});

it("writes each gauge with its unit", () => {
  const text = writePrometheus(
    status({
      instances: [instance("a"), instance("b")],
      leader: { id: "a", token: 1, leaseLeftMs: 1_500 },
      jobs: { ...jobs, scheduled: 1, due: 2, running: 3, late: 4, dead: 5, unreadable: 6, latestMs: 2_500 },
      streams: [
        {
          name: "main",
          length: 7,
          groups: [
            { name: "feeds", lag: 8, pending: 9, consumers: [], deadLetters: 10 },
            { name: "other", lag: null, pending: 0, consumers: [], deadLetters: 0 },
          ],
        },
      ],
      redis: { ...redis, breakers: { closed: 11, open: 12, halfOpen: 13 } },
      cost: costOf(
        ledgerWith({ months: new Map([["2026-06", { since: now, counts: new Map([["redis_commands|bus", 14]]) }]]) }),
        now,
      ),
    }),
    null,
    "1",
  );
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    'sandpiper_build_info{version="1"} 1',
    "sandpiper_instances 2",
    "sandpiper_leader_lease_remaining_seconds 1.5",
    'sandpiper_jobs{state="scheduled"} 1',
    'sandpiper_jobs{state="due"} 2',
    'sandpiper_jobs{state="running"} 3',
    'sandpiper_jobs{state="late"} 4',
    'sandpiper_jobs{state="dead"} 5',
    'sandpiper_jobs{state="unreadable"} 6',
    "sandpiper_job_lateness_seconds 2.5",
    'sandpiper_stream_messages{stream="main"} 7',
    'sandpiper_stream_lag_messages{stream="main",group="feeds"} 8',
    'sandpiper_stream_pending_messages{stream="main",group="feeds"} 9',
    'sandpiper_stream_pending_messages{stream="main",group="other"} 0',
    'sandpiper_dead_letter_messages{stream="main",group="feeds"} 10',
    'sandpiper_dead_letter_messages{stream="main",group="other"} 0',
    'sandpiper_redis_breakers{state="closed"} 11',
    'sandpiper_redis_breakers{state="open"} 12',
    'sandpiper_redis_breakers{state="half_open"} 13',
    "sandpiper_redis_month_commands 14",
  ]);
});

it("writes each counter with its labels, and buckets that hold what was faster too", () => {
  const text = writePrometheus(
    status(),
    totals({
      "interactions|/ping|command|ok": 1,
      "redis_commands|bus": 2,
      "redis|retries": 3,
      "requests|tick": 4,
      "cache_reads|user|local": 5,
      "cache_fetches|user|all": 6,
      "sessions|setup|read": 7,
      "job_runs|remind|done": 8,
      "bus|published": 9,
      "discord_requests|2xx": 10,
      "interaction_latency|/ping|command": [1_500, 1, 2, 0, 0, 0, 0, 0, 0, 0, 4],
      "job_late|remind": [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
      unheard: 1,
    }),
    "1",
  );
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  expect(lines.slice(1, 11)).toEqual([
    'sandpiper_interactions_total{command="/ping",kind="command",outcome="ok"} 1',
    'sandpiper_redis_commands_total{cause="bus"} 2',
    'sandpiper_redis_events_total{event="retries"} 3',
    'sandpiper_worker_requests_total{type="tick"} 4',
    'sandpiper_cache_requests_total{kind="user",result="local"} 5',
    'sandpiper_cache_fetches_total{kind="user",result="all"} 6',
    'sandpiper_sessions_total{kind="setup",use="read"} 7',
    'sandpiper_job_runs_total{kind="remind",outcome="done"} 8',
    'sandpiper_bus_messages_total{event="published"} 9',
    'sandpiper_discord_requests_total{status="2xx"} 10',
  ]);
  const name = "sandpiper_interaction_duration_seconds";
  const labels = 'command="/ping",kind="command"';
  const bounds = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"];
  expect(lines.slice(11, 23)).toEqual([
    ...bounds.map((le, at) => `${name}_bucket{${labels},le="${le}"} ${at === 0 ? 1 : at === 9 ? 7 : 3}`),
    `${name}_sum{${labels}} 1.5`,
    `${name}_count{${labels}} 7`,
  ]);
  expect(lines.slice(23, 25)).toEqual([
    'sandpiper_job_delay_seconds_bucket{kind="remind",le="0.005"} 0',
    'sandpiper_job_delay_seconds_bucket{kind="remind",le="0.01"} 0',
  ]);
  expect(text).not.toContain("unheard");
});

it("escapes labels, and writes an empty one where a label is missing", () => {
  const text = writePrometheus(status(), totals({ "job_runs|a": 1, 'bus|b\\"\n': 2 }), "1");
  expect(text).toContain('sandpiper_job_runs_total{kind="a",outcome=""} 1\n');
  expect(text).toContain('sandpiper_bus_messages_total{event="b\\\\\\"\\n"} 2\n');
});
