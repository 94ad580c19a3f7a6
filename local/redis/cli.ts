import { randomBytes } from "node:crypto";
import { type CliOptions, commandLine, readCliOptions } from "./cli-options.ts";
import { runCommand } from "./command-line.ts";
import {
  createEngineThread,
  createRedisRestServer,
  createReplacedEngine,
  createTcpBackend,
  type RequestEvent,
} from "./index.ts";

// `npm run redis`: Upstash's REST API in front of an embedded Valkey, or of a Redis of yours.

const print = (line: string) => void process.stdout.write(`${line}\n`);

const requestLine = ({ method, path, status, ms }: RequestEvent): string =>
  `${method} ${path} ${status === 0 ? "dropped" : status} ${ms.toFixed(1)} ms`;

async function serve({ host, port, token, redisUrl, isVerbose, hasFaults }: CliOptions): Promise<void> {
  const secret = token ?? randomBytes(24).toString("base64url");
  const backend =
    redisUrl === undefined
      ? await createReplacedEngine({ start: () => createEngineThread(isVerbose ? { log: print } : {}), log: print })
      : createTcpBackend({ url: redisUrl });
  const server = await createRedisRestServer({
    host,
    port,
    token: secret,
    backend,
    faults: hasFaults,
    log: print,
    ...(isVerbose && { onRequest: (event) => print(requestLine(event)) }),
  });

  print(`Upstash's Redis REST API at ${server.url}, in front of ${backend.description}`);
  print(token === undefined ? `Token, new at every start: ${secret}` : "Token: the one given with --token");
  print(`Try: curl ${server.url} -H "Authorization: Bearer ${token === undefined ? secret : "$TOKEN"}" -d '["PING"]'`);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

await runCommand({ ...commandLine, run: (given) => serve(readCliOptions(given)) });
