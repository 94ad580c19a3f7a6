/** Variables by which a process finds programs and temporary files; the last five are those of Windows. */
const needed = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "ComSpec", "PATHEXT"];

/**
 * Returns the whole environment for wrangler and workerd. Wrangler would bind exported variables to the Worker:
 * the tokens of a production database, say. `home` is an empty folder, so that wrangler has no account either.
 */
export function createEnvironment(home: string): Record<string, string> {
  const kept = needed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    XDG_CONFIG_HOME: home,
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false",
    NO_COLOR: "1",
  };
}
