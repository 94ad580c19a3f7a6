import { type Given, readPort, UsageError } from "./command-line.ts";
import { parseRedisUrl } from "./engine/tcp.ts";

export interface CliOptions {
  host: string;
  port: number;
  /** `undefined`: a random one is generated. */
  token: string | undefined;
  /** `undefined`: the embedded Valkey. */
  redisUrl: string | undefined;
  isVerbose: boolean;
  hasFaults: boolean;
}

export const commandLine = {
  usage: `Usage: npm run redis -- [options]

Serves Upstash's Redis REST API on this machine. Ctrl-C stops it.

Options:
  --port PORT       the port to listen on; 0 is any free port        (default: 8079)
  --host ADDRESS    the address to listen on; the default can be
                    reached from this machine only                   (default: 127.0.0.1)
  --token TOKEN     the token that clients must send                 (default: a random one at every start)
  --redis-url URL   a Redis or Valkey to serve, such as
                    redis://127.0.0.1:6379                           (default: an embedded Valkey, empty at every start)
  --faults          serve PUT /-/faults, with which a test makes requests fail
  --verbose         print every request and the log of the embedded Valkey
  -h, --help        print this help
`,
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "8079" },
    token: { type: "string" },
    "redis-url": { type: "string" },
    faults: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
} as const;

/** Returns the options in the arguments. Throws a `UsageError` for a value that cannot work. */
export function readCliOptions({ values }: Given<(typeof commandLine)["options"]>): CliOptions {
  const { host, token, "redis-url": redisUrl, verbose: isVerbose, faults: hasFaults } = values;
  if (token === "") throw new UsageError("--token is empty. Leave it out to get a random one.");
  if (redisUrl !== undefined) checkRedisUrl(redisUrl);
  return { host, port: readPort("--port", values.port, 0), token, redisUrl, isVerbose, hasFaults };
}

function checkRedisUrl(text: string): void {
  try {
    parseRedisUrl(text);
  } catch (cause) {
    throw new UsageError(`--redis-url: ${(cause as Error).message}`, { cause });
  }
}
