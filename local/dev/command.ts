import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { styleText } from "node:util";
import { createCommand, readPort, reportError } from "../command-line.ts";
import { aheadHeader, createDiscordSimulator, exchangeHeader } from "../discord/index.ts";
import { createPlayground, createRedisControl, createWorldClock } from "../playground/server/index.ts";
import { createEngineThread, createRedisRestServer, createReplacedEngine, type EngineThread } from "../redis/index.ts";
import { watchAncestors } from "./ancestors.ts";
import { fireCron, startCron } from "./cron.ts";
import { describeTakenPorts, findTakenPorts, refuseSamePort } from "./ports.ts";
import { registerCommands } from "./registration.ts";
import { createReporter } from "./reporter.ts";
import { type LocalWorker, startWorker } from "./worker.ts";

// `npm run dev`: the Worker, Redis and Discord on this machine. See the README, "Running it".

const root = join(import.meta.dirname, "../..");
const host = "127.0.0.1";
const defaults = { worker: 8787, redis: 8079, discord: 8788 };
const usage = `Usage: npm run dev -- [options]

Runs the bot on this machine, without a Discord or Upstash account: the Worker in workerd, a Redis
behind Upstash's REST API, and a simulated Discord. Ctrl-C stops all of them.

Options:
  --worker-port PORT    the Worker               (default: ${defaults.worker})
  --redis-port PORT     Redis                    (default: ${defaults.redis})
  --discord-port PORT   the simulated Discord    (default: ${defaults.discord})
  -h, --help            print this help
`;

interface Ports {
  worker: number;
  redis: number;
  discord: number;
}

/** One run of the world, until a signal or a failure ends it. */
interface Run {
  /** Functions that end what was started, in the order of the starts. */
  running: (() => unknown)[];
  isStopping(): boolean;
  /** Ends all, and then this process. */
  stop(exitCode: number): Promise<void>;
  print(text: string): void;
}

function createRun(): Run {
  const running: (() => unknown)[] = [];
  let isStopping = false;
  return {
    running,
    isStopping: () => isStopping,
    async stop(exitCode) {
      if (isStopping) return;
      isStopping = true;
      for (const end of running.toReversed()) await end();
      process.exit(exitCode);
    },
    print(text) {
      // All that fails while the world stops is the stop.
      if (!isStopping) process.stdout.write(`${text}\n`);
    },
  };
}

/** Starts the world, and has `run` end it. Resolves when it is ready, or is ending already. */
async function start(ports: Ports, { running, print, isStopping }: Run): Promise<void> {
  const startedAt = Date.now();
  const redisToken = randomBytes(18).toString("base64url");
  const adminToken = randomBytes(18).toString("base64url");
  const clock = createWorldClock();
  let engine: EngineThread | undefined;
  const log = (line: string) => print(styleText("yellow", `redis   ${line}`));
  const redis = await createRedisRestServer({
    host,
    port: ports.redis,
    token: redisToken,
    backend: await createReplacedEngine({
      start: async () => (engine = await createEngineThread({ aheadMs: clock.aheadMs() })),
      log,
    }),
    faults: true,
    onRequest: (event) => playground.takeRedis(event),
    log,
  });
  running.push(() => redis.close());

  let worker: LocalWorker | undefined;
  const discord = createDiscordSimulator({
    interactionsUrl: `http://${host}:${ports.worker}/interactions`,
    clock,
    settled: async () => worker?.settled(),
    marks: (exchange) => ({ [exchangeHeader]: exchange, [aheadHeader]: String(clock.aheadMs()) }),
  });
  const cronFailed = (reason: string) => print(styleText("yellow", `cron    ${reason}`));
  const playground = createPlayground({
    simulator: discord,
    clock,
    isMarked: true,
    redis: createRedisControl({ server: redis, setAhead: (ms) => engine?.setAhead(ms) }),
    fireCron: (at) => void fireCron(`http://${host}:${ports.worker}`, at, cronFailed),
  });
  discord.app.route("/", playground.app);
  running.push(() => playground.close());
  const prepared = playground
    .prepare()
    .catch((error: unknown) => print(styleText("yellow", `The playground was not built: ${String(error)}`)));
  const discordServer = await discord.serve({ host, port: ports.discord });
  running.push(() => discordServer.close());
  // Ctrl-C during the awaits above: a Worker started now would outlive this process.
  if (isStopping()) return;

  const reporter = createReporter(print);
  let endCron = () => {};
  running.push(() => endCron());
  const started = startWorker({
    root,
    // The bot on the world's clock, its requests and its log marked for the playground.
    entry: "local/playground/traced-worker.ts",
    flags: ["nodejs_als"],
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
    onLine: (line) => print(styleText("dim", `worker  ${playground.takeLine(line)}`)),
    onCommands: (commands, saved) => registerCommands(discord, commands, { root, saved }),
    onMistake(mistake) {
      reporter.onMistake(mistake);
      playground.setMistake(mistake);
    },
    onLive(live) {
      reporter.onLive(live);
      // A tick of the Worker before ends with it, and with the jobs it waits for.
      endCron();
      endCron = startCron(started.url, cronFailed, clock.now);
    },
  });
  worker = started;
  running.push(() => started.stop());
  await Promise.all([started.ready, prepared]);
  if (isStopping()) return;

  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  const simulator = ports.discord === defaults.discord ? "" : ` --simulator ${discordServer.url}`;
  print(`
${started.mistake() ? "Ready, but for the Worker," : "Ready"} in ${seconds} s. Everything runs on this machine:

  Playground  ${discordServer.url}
  Dashboard   ${started.url}/admin  token ${adminToken}

  Worker    ${started.url}
  Redis     ${redis.url}  Upstash's REST API, token ${redisToken}
  Discord   ${discordServer.url}  simulated

In another terminal, try:  npm run send -- '/ping'${simulator}
Press Ctrl-C to stop.
`);
}

export const dev = createCommand({
  usage,
  options: {
    "worker-port": { type: "string", default: String(defaults.worker) },
    "redis-port": { type: "string", default: String(defaults.redis) },
    "discord-port": { type: "string", default: String(defaults.discord) },
  },
  async run({ values }) {
    const ports: Ports = {
      worker: readPort("--worker-port", values["worker-port"]),
      redis: readPort("--redis-port", values["redis-port"]),
      discord: readPort("--discord-port", values["discord-port"]),
    };
    const wanted = [
      { port: ports.worker, name: "Worker", flag: "--worker-port" },
      { port: ports.redis, name: "Redis", flag: "--redis-port" },
      { port: ports.discord, name: "Discord", flag: "--discord-port" },
    ];
    refuseSamePort(wanted);
    const run = createRun();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void run.stop(0));
    watchAncestors(() => void run.stop(0));
    const taken = await findTakenPorts(wanted, host);
    if (taken.length > 0) throw new Error(describeTakenPorts(taken));
    try {
      await start(ports, run);
    } catch (error) {
      // Ctrl-C makes a start fail, which is not worth reporting.
      if (!run.isStopping()) await run.stop(reportError(error));
    }
  },
});
