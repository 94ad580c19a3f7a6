import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { createTcpBackend } from "./engine/tcp.ts";
import { createEngineThread } from "./engine/thread.ts";
import { createRedisRestServer, type RedisRestServerOptions } from "./server.ts";

// `npm run redis`: Upstash's REST protocol on this machine, in front of the embedded Valkey or of any Redis.

const usage = `Usage: npm run redis -- [options]

  --port N          port to listen on                                   (8079)
  --host HOST       address to listen on                                (127.0.0.1)
  --token T         the REST token                                      (a random one, printed)
  --redis-url URL   a Redis to use instead of the embedded Valkey, such as redis://127.0.0.1:6379
  --faults          let clients break their own connections: PUT /-/faults
  --verbose         print the engine's own log
  --help            this text
`;

function readOptions(): Omit<RedisRestServerOptions, "backend"> & { redisUrl: string | undefined; verbose: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8079" },
      host: { type: "string", default: "127.0.0.1" },
      token: { type: "string" },
      "redis-url": { type: "string" },
      faults: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`);
  if (values.token === "")
    throw new Error("--token takes some text, not nothing: a database without a token is open to all.");
  const { host, faults, verbose } = values;
  return {
    port,
    host,
    faults,
    verbose,
    token: values.token ?? randomBytes(18).toString("base64url"),
    redisUrl: values["redis-url"],
  };
}

async function main(): Promise<void> {
  const { redisUrl, verbose, ...options } = readOptions();
  const log = verbose ? (line: string) => void process.stderr.write(`${line}\n`) : () => {};
  const backend = redisUrl === undefined ? await createEngineThread({ log }) : createTcpBackend({ url: redisUrl });
  const server = await createRedisRestServer({ ...options, backend });
  backend.onCrash((reason) => process.stderr.write(`${reason.message}\n`));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void server.close());
  process.stdout.write(
    `Upstash-compatible Redis at ${server.url}, in front of ${backend.description}.

  UPSTASH_REDIS_REST_URL=${server.url}
  UPSTASH_REDIS_REST_TOKEN=${options.token}

Try it:  curl -H "Authorization: Bearer ${options.token}" ${server.url}/set/hello/world
Stop with Ctrl-C.
`,
  );
}

main().catch((error: unknown) => {
  const isUsage = error instanceof Error && (error.message.startsWith("--") || "code" in error);
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n${isUsage ? "See npm run redis -- --help\n" : ""}`,
  );
  process.exitCode = isUsage ? 2 : 1;
});
