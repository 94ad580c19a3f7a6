/** The keys of metrics. Each begins with the deployment's prefix. */
export interface MetricsKeys {
  /** Stream, trimmed by length, and with a life since it was first summed: what the isolates reported since then. */
  readonly reports: string;
  /** String with a life: the sums. */
  readonly ledger: string;
}

export const createKeys = (prefix: string): MetricsKeys => ({
  reports: `${prefix}mt:reports`,
  ledger: `${prefix}mt:ledger`,
});
