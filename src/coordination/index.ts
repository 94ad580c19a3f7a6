export * from "./errors.ts";
export { type Acquisition, createLease, type Grant, type Lease, type LeaseOptions, type Renewal } from "./lease.ts";
export type { LeaseTiming } from "./timing.ts";
