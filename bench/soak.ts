import { Agent, request } from "node:http";
import { createEngineThread, createRedisRestServer } from "../local/redis/index.ts";
import { count, print, quantile } from "./statistics.ts";

// `npm run soak [-- minutes]`: 2,000 commands a second to the Redis REST server for ten minutes, from 20 connections.

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0 && minutes <= 60)) {
  process.stderr.write("npm run soak -- MINUTES takes more than 0 and at most 60.\n");
  process.exit(2);
}
const connections = 20;
const perSecond = 2_000;
const tickMs = 10;

const server = await createRedisRestServer({ backend: await createEngineThread(), token: "soak" });
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const endAt = Date.now() + minutes * 60_000;
const latencies: number[] = [];
let sent = 0;
let errors = 0;
let pending = 0;

const kinds: ((n: number) => unknown[])[] = [
  (n) => ["SET", `k:${n % 5_000}`, "x".repeat(64), "PX", 60_000],
  (n) => ["GET", `k:${n % 5_000}`],
  (n) => ["INCR", `n:${n % 100}`],
  (n) => ["HSET", `h:${n % 100}`, `f${n % 50}`, String(n)],
  (n) => ["HGETALL", `h:${n % 100}`],
  (n) => ["XADD", "stream", "MAXLEN", "~", 1_000, "*", "n", String(n)],
  () => ["XREVRANGE", "stream", "+", "-", "COUNT", 5],
  (n) => ["ZADD", "z", n, `m${n % 1_000}`],
  () => ["ZRANGE", "z", 0, 10],
  (n) => ["MGET", `k:${n % 5_000}`, `k:${(n + 1) % 5_000}`],
  (n) => ["SET", `lock:${n % 50}`, "holder", "NX", "GET", "PX", 1_000],
  () => ["EVAL", "return redis.call('GET', KEYS[1])", 1, "k:1"],
];

function send(n: number): void {
  const kind = kinds[n % kinds.length] ?? (() => ["PING"]);
  const startedAt = performance.now();
  const fail = () => {
    errors += 1;
    pending -= 1;
  };
  pending += 1;
  const outgoing = request(
    server.url,
    { method: "POST", agent, headers: { Authorization: "Bearer soak" } },
    (response) => {
      response.resume().once("error", fail);
      response.once("end", () => {
        if (response.statusCode !== 200) return fail();
        pending -= 1;
        latencies.push(performance.now() - startedAt);
      });
    },
  );
  outgoing.once("error", fail).end(JSON.stringify(kind(n)));
}

function report(): void {
  const recent = latencies.splice(0);
  const memory = Math.round(process.memoryUsage.rss() / 1_048_576);
  print(
    `${new Date().toISOString().slice(11, 19)}  ${count(sent)} sent, ${errors} errors, ${pending} under way, ` +
      `p50 ${quantile(recent, 0.5).toFixed(2)} ms, p99 ${quantile(recent, 0.99).toFixed(2)} ms, RSS ${memory} MB`,
  );
}

print(
  `${count(perSecond)} commands/s over ${connections} connections for ${minutes} min, ${kinds.length} kinds of command`,
);
const startedAt = Date.now();
const reporter = setInterval(report, 30_000);
await new Promise<void>((resolve) => {
  const ticker = setInterval(() => {
    if (Date.now() >= endAt) {
      clearInterval(ticker);
      return resolve();
    }
    const due = Math.floor(((Date.now() - startedAt) * perSecond) / 1_000);
    while (sent < due && pending < 5_000) send(sent++);
  }, tickMs);
});
const isBusy = () => pending > 0;
while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 10));
clearInterval(reporter);
report();
agent.destroy();
await server.close();
process.exitCode = errors > 0 ? 1 : 0;
