import { parseArgs } from "node:util";

export interface CliOptions {
  host: string;
  port: number;
  /** `undefined`: make one up. */
  token: string | undefined;
  redisUrl: string | undefined;
  isVerbose: boolean;
  hasFaults: boolean;
}

/** Options, a call for help, or the sentence that says what is wrong. */
export type ParsedCli = { options: CliOptions } | { help: true } | { wrong: string };

export const usage = `Upstash's Redis REST API on this machine.

  node local/redis/cli.ts [--port 8079] [--token T] [--redis-url redis://127.0.0.1:6379] [--host 127.0.0.1]

  --port       Port to listen on; 0 for any free one. Default: 8079.
  --token      What clients must send as their token. Default: a new one at every start.
  --redis-url  A Redis or Valkey to put the API in front of. Default: an embedded Valkey, empty at every start.
  --host       Address to listen on. Default: 127.0.0.1, which only this machine reaches.
  --faults     Serve PUT /-/faults, with which a test breaks its own connection.
  --verbose    Print every request, and the engine's log.
  --help       Print this.
`;

export function parseCli(args: readonly string[]): ParsedCli {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (cause) {
    return { wrong: explained(cause) };
  }
  if (values.help) return { help: true };
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    return { wrong: `--port is a number from 0 to 65535, not "${values.port}".` };
  }
  if (values.token === "") return { wrong: "--token is empty. Leave it out to have one made up." };
  const { host, token, "redis-url": redisUrl, verbose: isVerbose, faults: hasFaults } = values;
  return { options: { host, port, token, redisUrl, isVerbose, hasFaults } };
}

// --- Internal helpers ---

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8079" },
      token: { type: "string" },
      "redis-url": { type: "string" },
      faults: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  }).values;

/** Node's message goes on about positional arguments; its first sentence is what helps. */
function explained(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return `${message.split(/\.(?:\s|$)/)[0]}.`;
}
