export type { ClusterInfo, ClusterMember } from "./cluster.ts";
export type { Coordination, CoordinationCommands, CoordinationOptions, Led } from "./coordination.ts";
export { createCoordination } from "./create-coordination.ts";
export {
  type Duty,
  type DutyEvent,
  type DutyTimes,
  type RunDutiesOptions,
  type RunDutiesResult,
  runDuties,
  type Tick,
} from "./duties.ts";
export * from "./errors.ts";
export type { CoordinationEvent, LossReason } from "./events.ts";
export {
  createFence,
  type Fence,
  type FenceCommands,
  type Fenced,
  type FencedCommand,
  type FenceOptions,
  writeThrough,
} from "./fence.ts";
export type { Hooks } from "./hooks.ts";
export {
  type Acquisition,
  createLease,
  type Grant,
  type Lease,
  type LeaseCommands,
  type LeaseOptions,
  type Renewal,
} from "./lease.ts";
export type { Notice, Publish } from "./notices.ts";
export { type CoordinationState, createCoordinationState } from "./state.ts";
export { cronTiming, type LeaseTiming, leaseTiming } from "./timing.ts";
export { type Tenure, type TenureResult, withLease } from "./with-lease.ts";
