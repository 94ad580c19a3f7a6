import { randomBytes } from "node:crypto";
import { parseArgs, styleText } from "node:util";
import { features } from "../src/bot/features.ts";
import { commandBodies } from "../src/runtime/index.ts";
import { watchAncestors } from "./dev/ancestors.ts";
import { startCron } from "./dev/cron.ts";
import { describeTakenPorts, findTakenPorts } from "./dev/ports.ts";
import { startWorker } from "./dev/worker.ts";
import { createDiscordSimulator } from "./discord/index.ts";
import { createEngineThread, createRedisRestServer } from "./redis/index.ts";

// `npm run dev`: the Worker, Redis and Discord on this machine alone. See the README, "Running it".

const host = "127.0.0.1";
const usage = `Usage: npm run dev [-- options]

  --worker-port N     the Worker under wrangler dev     (8787)
  --redis-port N      the Upstash-compatible Redis      (8079)
  --discord-port N    the Discord simulator             (8788)
  --help              this text
`;

/** Something the person at the keyboard can mend: exit code 2. */
class UsageError extends Error {}

interface Ports {
  worker: number;
  redis: number;
  discord: number;
}

/** Things to stop, last started first. */
const running: (() => unknown)[] = [];
let isStopping = false;

async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const end of running.toReversed()) await end();
  process.exit(exitCode);
}

async function start(ports: Ports): Promise<void> {
  const startedAt = Date.now();
  const redisToken = randomBytes(18).toString("base64url");
  const adminToken = randomBytes(18).toString("base64url");
  const redis = await createRedisRestServer({
    host,
    port: ports.redis,
    token: redisToken,
    backend: await createEngineThread(),
  });
  running.push(() => redis.close());

  const discord = createDiscordSimulator({ interactionsUrl: `http://${host}:${ports.worker}/interactions` });
  const discordServer = await discord.serve({ host, port: ports.discord });
  running.push(() => discordServer.close());
  discord.registerCommands(commandBodies(features));

  const worker = startWorker({
    host,
    port: ports.worker,
    secrets: {
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_PUBLIC_KEY: discord.publicKey,
      DISCORD_BOT_TOKEN: discord.botToken,
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: redisToken,
    },
    vars: { DISCORD_API_URL: `${discordServer.url}/api/v10`, ADMIN_TOKEN: adminToken },
    onLine: (line) => print(styleText("dim", `worker  ${line}`)),
  });
  running.push(() => worker.stop());
  await worker.ready;
  running.push(startCron(worker.url, (reason) => print(styleText("yellow", `cron    ${reason}`))));
  void worker.ended.then(() => {
    if (!isStopping) print("The Worker ended by itself. Stopping the rest.");
    return stop(1);
  });

  print(`
Ready in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s, offline:
  Worker    ${worker.url}  (admin token ${adminToken})
  Redis     ${redis.url}  (Upstash REST; token ${redisToken})
  Discord   ${discordServer.url}

Try it in another terminal:  npm run send -- '/ping'
Stop with Ctrl-C.
`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readPorts(): Ports {
  const { values } = readCommandLine();
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    worker: portOf("--worker-port", values["worker-port"]),
    redis: portOf("--redis-port", values["redis-port"]),
    discord: portOf("--discord-port", values["discord-port"]),
  };
}

function readCommandLine() {
  try {
    return parseArgs({
      options: {
        "worker-port": { type: "string", default: "8787" },
        "redis-port": { type: "string", default: "8079" },
        "discord-port": { type: "string", default: "8788" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${String(error instanceof Error ? error.message : error)}\n\n${usage}`, { cause: error });
  }
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${flag} takes a port from 1 to 65535, not "${text}".`);
}

function fail(error: unknown, exitCode: number): void {
  // Whoever stops the world while it starts wants no account of what did not start.
  if (isStopping) return;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  void stop(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
watchAncestors(() => void stop(0));

try {
  const ports = readPorts();
  const taken = await findTakenPorts(
    [
      { port: ports.worker, name: "Worker", flag: "--worker-port" },
      { port: ports.redis, name: "Redis", flag: "--redis-port" },
      { port: ports.discord, name: "Discord", flag: "--discord-port" },
    ],
    host,
  );
  if (taken.length > 0) fail(describeTakenPorts(taken), 1);
  else await start(ports);
} catch (error) {
  fail(error, error instanceof UsageError ? 2 : 1);
}
