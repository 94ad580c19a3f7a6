import { Failure } from "./failures.ts";

// The file of `WRANGLER_OUTPUT_FILE_PATH`, in which wrangler tells how a deployment went.

export interface Deployed {
  /** Where the Worker answers, without a slash at the end. */
  url: string;
  versionId: string;
}

/** A line of that file. */
interface OutputEntry {
  type: string;
  targets?: string[];
  version_id?: string;
  message?: string;
  code?: number;
}

/**
 * Returns what wrangler deployed. `url` is where the Worker answers, if wrangler does not tell. Throws a `Failure` with what
 * wrangler says, or when the Worker has no address.
 */
export function deployedIn(output: string, exitCode: number, url: string | undefined): Deployed {
  const entries = output.split("\n").flatMap(readEntry);
  const deployed = entries.find(({ type }) => type === "deploy");
  if (exitCode !== 0 || !deployed) throw deployFailure(entries);
  return { url: url ?? urlIn(deployed.targets ?? []), versionId: deployed.version_id ?? "" };
}

/**
 * Returns the Worker's address among the targets of a deployment: on workers.dev, a custom domain, or a route that covers all of
 * a host. Throws a `Failure` when there is none.
 */
export function urlIn(targets: readonly string[]): string {
  const hosts = targets
    .filter((target) => !/^(schedule|event triggers):|^\.\.\.and /.test(target))
    .map((target) => /^(?:https?:\/\/)?([^\s/*]+\.[^\s/*]+?)(?:\/?\*?)?(?:\s\(.*\))?$/.exec(target)?.[1])
    .filter((host) => host !== undefined);
  const host = hosts.find((one) => !one.endsWith(".workers.dev")) ?? hosts[0];
  if (host !== undefined) return `https://${host}`;
  throw new Failure(
    "The Worker is deployed, but wrangler names no address at which it answers.",
    "Give the address: npm run setup -- --url https://bot.example.com",
  );
}

// --- Internal helpers ---

/** A line that is cut short tells nothing. */
function readEntry(line: string): OutputEntry[] {
  try {
    return [JSON.parse(line) as OutputEntry];
  } catch {
    return [];
  }
}

function deployFailure(entries: readonly OutputEntry[]): Failure {
  const failed = entries.find(({ type }) => type === "command-failed");
  const message = failed?.message ?? "";
  const isLogin = failed?.code === 10_000 || /log(ged)? ?in|CLOUDFLARE_API_TOKEN|authenticat/i.test(message);
  return new Failure(
    `wrangler could not deploy${message ? `: ${message}` : "."}`,
    isLogin
      ? "Log in with npx wrangler login, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID; then run npm run setup again."
      : "What it printed above says why. Correct that, and run npm run setup again: it goes on where it stopped.",
  );
}
