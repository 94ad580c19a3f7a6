import { nameAssets } from "../../src/web/dashboard/assets.ts";
import { Overview } from "../../src/web/dashboard/overview.tsx";
import type { FleetStatus, UpcomingJob } from "../../src/web/status/fleet-status.ts";
import { busyFleet } from "./busy-fleet.ts";

// The dashboard's own page with a fleet that is given. Bundled by `dashboard.ts`, as Node reads no JSX.

/** Returns the overview and its style sheet, the same each time. */
export async function renderDashboard(): Promise<{ html: string; stylePath: string; style: string }> {
  const { paths, files } = await nameAssets();
  const fleet = picturedFleet();
  const page = Overview({
    context: { assets: paths, formToken: "", now: fleet.at, path: "/admin", back: "/admin" },
    status: fleet,
    // Below what the picture shows.
    events: [],
    audit: [],
    kinds: ["user", "guild", "member", "roles"],
    commands: 24,
  });
  return { html: String(await page), stylePath: paths.style, style: files.get(paths.style)?.text ?? "" };
}

// --- Internal helpers ---

const minute = 60_000;

/** A fleet on an ordinary afternoon: all works, and one thing waits for a person. */
function picturedFleet(): FleetStatus {
  const fleet = busyFleet();
  const { at, instances, rates, redis, jobs } = fleet;
  const count = instances?.length ?? 0;
  const job = (dueIn: number, kind: string, owner: string, more: Partial<UpcomingJob> = {}): UpcomingJob => ({
    id: `${kind}-${owner}`,
    kind,
    owner,
    dueAt: at + dueIn,
    isRunning: false,
    attempts: 0,
    failures: 0,
    isOrphaned: false,
    ...more,
  });
  const minutes = rates?.minutes.map((one, index) => ({ ...one, ...traffic(index) })) ?? [];
  const sum = (name: "interactions" | "redisCommands" | "discordRequests") =>
    minutes.reduce((total, one) => total + one[name], 0);
  const every = { cron: "0 9 * * 1-5", zone: "Europe/Berlin" };
  return {
    ...fleet,
    sentence: `Needs a hand: 3 messages of feeds were given up. ${count} instances, leader a1b2c3d4, nothing late.`,
    concerns: fleet.concerns.filter(({ kind }) => kind === "dead-letters"),
    instances: instances?.map((one) => ({ ...one, breaker: "closed" })) ?? null,
    rates: rates && {
      ...rates,
      minutes,
      total: {
        ...rates.total,
        interactions: sum("interactions"),
        redisCommands: sum("redisCommands"),
        discordRequests: sum("discordRequests"),
      },
    },
    redis: redis && {
      ...redis,
      commandsPerMinute: Math.round(sum("redisCommands") / 60),
      breakers: { closed: count, open: 0, halfOpen: 0 },
    },
    jobs: jobs && {
      ...jobs,
      scheduled: 1_284,
      due: 0,
      late: 0,
      latestMs: 0,
      rates: jobs.rates?.map((one) => ({ ...one, dead: 0 })) ?? null,
      dead: 0,
      nextAt: at + 2 * minute,
      upcoming: [
        job(-400, "remind", "1100000000000000011", { isRunning: true }),
        job(2 * minute, "close-poll", "1100000000000000012"),
        job(18 * 60 * minute, "remind", "1100000000000000014", { every }),
      ],
    },
  };
}

/** What a minute had: people come and go, and a feed's message goes out to many channels. */
function traffic(index: number) {
  const chance = (salt: number) => Math.abs((Math.sin(12.9898 * index + 78.233 * salt) * 43_758.5453) % 1);
  const interactions = Math.round(16 + 9 * Math.sin(index / 11) + 12 * chance(1));
  const posts = index === 23 ? 90 : index === 47 ? 60 : 0;
  return {
    interactions,
    redisCommands: Math.round(interactions * (3 + chance(2)) + 2 * posts + 2),
    discordRequests: Math.round(interactions * chance(3) * 0.5) + posts,
  };
}
