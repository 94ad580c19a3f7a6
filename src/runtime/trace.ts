/**
 * Runs work in a span of a trace. `src/tracing/` has the platform's; without one, work runs as it is.
 *
 * @example
 * trace("redis", { "redis.commands": 2 }, () => send());
 */
export type Trace = <T>(name: string, attributes: Readonly<Record<string, string | number>>, work: () => T) => T;

/** Runs work without a span. */
export const untraced: Trace = (_name, _attributes, work) => work();
