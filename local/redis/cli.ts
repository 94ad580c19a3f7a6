import { randomBytes } from "node:crypto";
import { type CliOptions, parseCli, usage } from "./cli-options.ts";
import { createEngineThread, createRedisRestServer, createTcpBackend, type RequestEvent } from "./index.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);

const requestLine = ({ method, path, status, ms }: RequestEvent): string =>
  `${method} ${path} ${status === 0 ? "dropped" : status} ${ms.toFixed(1)} ms`;

async function serve({ host, port, token, redisUrl, isVerbose, hasFaults }: CliOptions): Promise<void> {
  const secret = token ?? randomBytes(24).toString("base64url");
  const backend =
    redisUrl === undefined
      ? await createEngineThread(isVerbose ? { log: print } : {})
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
  print(token === undefined ? `Token, made up for this run: ${secret}` : "Token: the one given with --token");
  print(`Try: curl ${server.url} -H "Authorization: Bearer ${token === undefined ? secret : "$TOKEN"}" -d '["PING"]'`);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

function complain(sentence: string, code: number): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = code;
}

const parsed = parseCli(process.argv.slice(2));
if ("help" in parsed) process.stdout.write(usage);
else if ("wrong" in parsed) complain(`${parsed.wrong} --help lists the options.`, 2);
else {
  await serve(parsed.options).catch((cause: unknown) =>
    complain(cause instanceof Error ? cause.message : String(cause), 1),
  );
}
