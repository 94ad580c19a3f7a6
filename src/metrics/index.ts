export { type IsolateReport, type Ledger, monthOf } from "./ledger.ts";
export { createReporter, type ReportCommands, type Reporter, type ReporterOptions } from "./reporter.ts";
export { account, count, createMetricsState, type MetricsState, note, observe } from "./state.ts";
export { createLedgerStore, type LedgerCommands, type LedgerStore, type LedgerStoreOptions } from "./store.ts";
export { addAll, boundsMs, type Histogram, histogramOf, numberOf, series, seriesOf, type Tally } from "./tally.ts";
