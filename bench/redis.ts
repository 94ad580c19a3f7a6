import { Agent, createServer, request } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { type Backend, createEngine, createRedisRestServer, createTcpBackend } from "../local/redis/index.ts";
import { createRespClient } from "../local/redis/resp/client.ts";
import { createThinClient } from "./redis/thin-client.ts";
import { count, median, print, quantile, timed } from "./statistics.ts";

const rounds = 15;
const requestsPerRound = 200;
const commandsPerRequest = 100;
const goal = 0.5;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One POST on the warm connection. */
function post(url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: "Bearer bench",
      "Content-Type": "application/json",
      "Content-Length": body.length,
    };
    const outgoing = request(url, { method: "POST", agent, headers }, (response) => {
      response.on("end", resolve).on("error", reject).resume();
    });
    outgoing.once("error", reject).end(body);
  });
}

/** The engine on a loopback port, byte for byte: what any client of a Redis would talk to. */
async function serveResp(engine: Backend): Promise<{ port: number; close(): void }> {
  const server = createTcpServer({ noDelay: true }, (socket) => {
    void engine.connect().then((connection) => {
      connection.onData((chunk) => socket.write(chunk));
      socket.on("data", (chunk) => connection.write(chunk));
      socket.on("close", () => connection.close());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** Commands per second through `/pipeline`, against the same commands over RESP to the same engine. */
async function benchPipeline(): Promise<void> {
  const engine = await createEngine();
  const server = await createRedisRestServer({ backend: engine, token: "bench" });
  const resp = await serveResp(engine);
  const overSocket = createRespClient(createTcpBackend({ url: `redis://127.0.0.1:${resp.port}` }));
  const inProcess = createRespClient(engine);
  const commands = Array.from({ length: commandsPerRequest }, (_, i) =>
    i % 2 === 0 ? ["SET", `key:${i}`, "x".repeat(100)] : ["GET", `key:${i - 1}`],
  );
  const body = Buffer.from(JSON.stringify(commands));
  const thin = createThinClient(`${server.url}/pipeline`, "bench", body);
  const ways: [string, () => Promise<unknown>][] = [
    ["RESP, without a socket", () => inProcess.send(commands)],
    ["RESP, over a socket", () => overSocket.send(commands)],
    ["/pipeline", () => thin.send()],
    ["/pipeline, by node:http", () => post(`${server.url}/pipeline`, body)],
  ];
  const rates = ways.map((): number[] => []);
  for (let round = -3; round < rounds; round++) {
    for (const [way, [, task]] of ways.entries()) {
      const ms = await timed(async () => {
        for (let i = 0; i < requestsPerRound; i++) await task();
      });
      if (round >= 0) rates[way]?.push((requestsPerRound * commandsPerRequest) / (ms / 1_000));
    }
  }
  const [direct = [], socket = [], rest = [], restByNode = []] = rates;
  const ratio = (of: number[], to: number[]) => median(of.map((rate, index) => rate / (to[index] ?? Number.NaN)));
  print(
    `Redis REST server, ${commandsPerRequest} commands at a time, ${rounds} rounds of ${requestsPerRound}, medians:`,
  );
  for (const [way, [name]] of ways.entries())
    print(`  ${name.padEnd(24)}${count(median(rates[way] ?? []))} commands/s`);
  print(
    `  ratio to RESP over a socket ${ratio(rest, socket).toFixed(3)} (goal: at least ${goal}), by node:http ${ratio(restByNode, socket).toFixed(3)}; without one ${ratio(rest, direct).toFixed(3)}`,
  );
  if (ratio(rest, socket) < goal) process.exitCode = 1;
  thin.close();
  overSocket.close();
  inProcess.close();
  resp.close();
  await server.close();
}

/** A lone command's round trip, beside a bare `node:http` server that answers a constant. */
async function benchLoneCommand(): Promise<void> {
  const server = await createRedisRestServer({ backend: await createEngine(), token: "bench" });
  const constant = createServer((incoming, response) => {
    incoming.on("end", () => {
      const body = Buffer.from('{"result":"PONG"}');
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
    });
    incoming.resume();
  });
  await new Promise<void>((resolve) => constant.listen(0, "127.0.0.1", resolve));
  const constantUrl = `http://127.0.0.1:${(constant.address() as AddressInfo).port}/`;
  const body = Buffer.from('["GET","key"]');
  const times: { rest: number[]; bare: number[] } = { rest: [], bare: [] };
  for (let i = -500; i < 5_000; i++) {
    const bare = await timed(() => post(constantUrl, body));
    const rest = await timed(() => post(`${server.url}/`, body));
    if (i < 0) continue;
    times.bare.push(bare);
    times.rest.push(rest);
  }
  const line = (ms: readonly number[]) => `median ${median(ms).toFixed(3)} ms, p99 ${quantile(ms, 0.99).toFixed(3)} ms`;
  print("A lone command over HTTP, warm connection, 5,000 each in turn:");
  print(`  bare node:http       ${line(times.bare)}`);
  print(`  GET                  ${line(times.rest)}`);
  constant.close();
  constant.closeAllConnections();
  await server.close();
}

export async function benchRedis(): Promise<void> {
  await benchPipeline();
  await benchLoneCommand();
  agent.destroy();
}
