import { expect, it } from "vitest";
import { boundsMs } from "../../../../src/metrics/index.ts";
import { costCauses, latencyBoundsMs } from "../../../../src/web/status/fleet-status.ts";

it("has the bounds that durations are counted by, and the causes that commands are counted by", () => {
  expect(latencyBoundsMs).toEqual(boundsMs);
  expect(latencyBoundsMs).toEqual([5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]);
  expect(costCauses).toEqual(["interactions", "jobs", "bus", "idle", "dashboard", "metrics", "other"]);
});
