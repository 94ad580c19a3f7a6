/** @jsxImportSource hono/jsx */
import { costCauses } from "../status/fleet-status.ts";
import type { DetailOptions } from "./details.tsx";
import { dollars, instant, number, percent } from "./format.ts";
import { Section, Table, Tile } from "./parts.tsx";

/** What the month has cost and comes to. */
export const Cost = ({ status: { cost } }: DetailOptions) => (
  <Section
    id="cost"
    title="What it costs"
    note={
      cost === null ? undefined : `${cost.month}, counted since ${instant(cost.since)} UTC. Prices of ${cost.pricesOf}.`
    }
  >
    {cost === null ? (
      <p class="empty">The counts could not be read.</p>
    ) : (
      <>
        <div class="tiles">
          <Tile
            name="Redis commands this month"
            value={number(cost.redis.commands)}
            more={`${percent(cost.redis.free.share)} of ${number(cost.redis.free.commands)} free; ${number(cost.redis.estimatedIdle)} of idle ticks are estimated`}
          />
          <Tile
            name="The month comes to"
            value={number(cost.redis.projected)}
            more={`${percent(cost.redis.free.projectedShare)} of the free plan`}
          />
          <Tile
            name="Cheapest plan for that"
            value={dollars(cost.redis.cheapestDollars)}
            more={`${cost.redis.cheapestPlan}; pay as you go ${dollars(cost.redis.projectedDollars)}`}
          />
          <Tile
            name="Worker requests"
            value={number(cost.workers.requests)}
            more={`${number(cost.workers.perDay)} a day of ${number(cost.workers.freePerDay)} free; comes to ${dollars(cost.workers.projectedDollars)}`}
          />
        </div>
        <Table
          label="Redis commands of the month by cause"
          columns={["Cause", ">Commands", ">Share", ">Pay as you go"]}
          rows={costCauses.map((cause) => [
            cause,
            number(cost.redis.byCause[cause]),
            percent(cost.redis.byCause[cause] / Math.max(1, cost.redis.commands)),
            dollars(cost.redis.dollarsByCause[cause]),
          ])}
          empty=""
        />
      </>
    )}
  </Section>
);
