import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { send } from "../../local/send/command.ts";
import { runCommandIn } from "../node/local/shell.ts";
import { copyProject, endStarted, expectNothingLeft, flagsOf, freePorts, kill, npmRun, root, run } from "./support.ts";

// `npm run dev` and `npm run send`, as a newcomer uses them.

afterAll(endStarted);

async function startWorld() {
  const ports = await freePorts();
  const dev = npmRun("dev", ...flagsOf(ports));
  await dev.until(/Ready in/);
  return {
    dev,
    ports,
    send: (...args: string[]) => runCommandIn(send, [...args, "--simulator", `http://127.0.0.1:${ports.discord}`]),
  };
}

describe("npm run dev", () => {
  let world: Awaited<ReturnType<typeof startWorld>>;

  // One for all of these. The last one ends it.
  beforeAll(async () => {
    world = await startWorld();
  });

  it("answers `npm run send -- /ping`, and says what is wrong with a line that it does not know", async () => {
    const { dev, ports, send } = world;
    expect(dev.output()).toMatch(/Worker +http:.*\n +Redis +http:.*\n +Discord +http:/);

    const ping = npmRun("send", "/ping", "--simulator", `http://127.0.0.1:${ports.discord}`);
    expect(await ping.ended).toBe(0);
    expect(ping.output()).toMatch(
      /sandpiper {2}APP \n {2}Pong!\n {2}Isolate \w{8} woke up .*\n {2}Redis at 127\.0\.0\.1:\d+ answered in \d+ ms\./,
    );

    const json = await send("/ping", "--json");
    expect(json).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(json.out)).toMatchObject({ type: 4, data: { content: expect.stringContaining("Pong!") } });

    // The Worker calls the REST API of the simulator, not Discord's.
    expect(await send("/server")).toMatchObject({ code: 0, out: expect.stringContaining("from Discord, just now") });
    expect(await send("/nope")).toMatchObject({
      code: 2,
      err: expect.stringContaining("There is no command /nope. Registered: /ping"),
    });
  });

  it("names its taken ports with a remedy, and leaves their owner running", async () => {
    const { ports, send } = world;
    const second = run(root, process.execPath, ["local/dev.ts", ...flagsOf(ports)]);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(
      `Port ${ports.worker} (Worker) is taken. Stop the program that uses it, or choose another port: npm run dev -- --worker-port`,
    );
    expect(second.output()).toContain(`Port ${ports.redis} (Redis) is taken.`);
    expect(await send("/ping")).toMatchObject({ code: 0 });
  });

  it("neither fires the cron, signs nor reads for a page of another origin, on any of its ports", async () => {
    const { ports, send } = world;
    const ask = (port: number, path: string, headers: Record<string, string>, method = "GET", body?: string) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        sent.on("error", reject);
        sent.end(body);
      });
    const cron = "/cdn-cgi/local/scheduled";
    for (const port of Object.values(ports)) {
      for (const path of ["/", "/health", "/simulator", cron]) {
        for (const headers of [
          { Host: `evil.example:${port}` },
          { Origin: "https://evil.example" },
          { Origin: "http://localhost:3000", "Content-Type": "text/plain" },
          { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image" },
        ]) {
          expect(await ask(port, path, headers)).toMatchObject({
            status: 403,
            text: expect.stringContaining("server"),
          });
          expect(await ask(port, path, headers, "POST", "{}")).toMatchObject({ status: 403 });
        }
      }
    }
    // A link, or a window that a page opens, shows a page, and does nothing.
    const link = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
    expect(await ask(ports.worker, "/health", link)).toMatchObject({ status: 200 });
    expect(await ask(ports.worker, cron, link)).toMatchObject({ status: 403 });
    // Programs go on as before.
    expect(await ask(ports.worker, "/health", { Host: `localhost:${ports.worker}` })).toMatchObject({ status: 200 });
    expect(await ask(ports.worker, "/interactions", {}, "POST", "{}")).toMatchObject({ status: 401 });
    expect(await send("/ping")).toMatchObject({ code: 0 });
  });

  it("prints the dashboard's address and token, with which a browser logs in", async () => {
    const { dev } = world;
    const [, address = "", token = ""] = /Dashboard +(http:\S+) +token (\S+)/.exec(dev.output()) ?? [];
    const login = await postForm(`${address}/login`, { token });
    expect(login).toMatchObject({ status: 303 });
    const page = await fetch(address, { headers: { Cookie: login.cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Log out");
  });

  it("ends a script that does not end, and goes on with its data", async () => {
    const { dev, ports, send } = world;
    const token = /Redis .*token (\S+)/.exec(dev.output())?.[1] ?? "";
    const redis = async (...command: (string | number)[]) => {
      const response = await fetch(`http://127.0.0.1:${ports.redis}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}` },
        body: JSON.stringify(command),
      });
      return { status: response.status, ...((await response.json()) as { result?: unknown; error?: string }) };
    };
    await redis("SET", "mine", "kept");
    expect(await redis("EVAL", "while true do end", 0)).toEqual({
      status: 400,
      error: expect.stringContaining("Script killed by user"),
    });
    expect(await redis("GET", "mine")).toEqual({ status: 200, result: "kept" });
    expect(await send("/ping")).toMatchObject({ code: 0 });
  });

  it("leaves no process and no port behind after Ctrl-C", async () => {
    kill(world.dev.child, "SIGINT");
    await world.dev.ended;
    await expectNothingLeft(world.ports);
  });

  it("refuses a port that is not one in a sentence", async () => {
    const wrong = run(root, process.execPath, ["local/dev.ts", "--worker-port", "many"]);
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toContain('--worker-port takes a port from 1 to 65535, not "many".');
  });
});

/** Sends a form as a browser does from a page that sends no referrer. `fetch` may not set these headers. */
function postForm(url: string, fields: Record<string, string>) {
  return new Promise<{ status: number | undefined; cookie: string }>((resolve, reject) => {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "null",
      "Sec-Fetch-Site": "same-origin",
    };
    const sent = request(url, { method: "POST", headers }, (response) => {
      response.resume();
      const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
      response.on("end", () => resolve({ status: response.statusCode, cookie }));
    });
    sent.on("error", reject);
    sent.end(new URLSearchParams(fields).toString());
  });
}

/** Variables that a developer who also runs the bot in production may have exported, or written into a file. */
const poison = Object.fromEntries(
  [
    "ADMIN_TOKEN",
    "CLOUDFLARE_ACCOUNT_ID",
    "CLOUDFLARE_API_TOKEN",
    "CLOUDFLARE_ENV",
    "CLOUDFLARE_INCLUDE_PROCESS_ENV",
    "DISCORD_API_URL",
    "DISCORD_APPLICATION_ID",
    "DISCORD_BOT_TOKEN",
    "DISCORD_PUBLIC_KEY",
    "KEY_PREFIX",
    "LOG_LEVEL",
    "SUBREQUESTS",
    "UPSTASH_REDIS_REST_TOKEN",
    "UPSTASH_REDIS_REST_URL",
  ].map((name) => [name, name === "CLOUDFLARE_INCLUDE_PROCESS_ENV" ? "true" : `poison-${name.toLowerCase()}`]),
);

/** Copies the project, so that files of the developer can lie in it. Its Worker answers with its own bindings. */
function copyWithPoison(): string {
  const folder = copyProject();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const text = Object.entries(poison)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
  for (const name of [".dev.vars", ".env", ".env.local"]) writeFileSync(join(folder, name), text);
  writeFileSync(
    join(folder, "src/worker.ts"),
    "export default { fetch: (_request: Request, env: object) => Response.json(env), scheduled() {} };\n",
  );
  return folder;
}

describe("npm run dev beside a production deployment", () => {
  it("gives the Worker and its processes nothing that is exported or in a file of the developer, and stops with npm", async () => {
    const folder = copyWithPoison();
    const ports = await freePorts();
    const dev = run(folder, "npm", ["run", "--silent", "dev", "--", ...flagsOf(ports)], poison);
    await dev.until(/Ready in/);
    const bindings = (await (await fetch(`http://127.0.0.1:${ports.worker}/`)).json()) as Record<string, string>;
    expect(bindings).toEqual({
      ADMIN_TOKEN: expect.stringMatching(/^[\w-]{24}$/),
      CF_VERSION_METADATA: { id: expect.any(String), tag: "", timestamp: expect.any(String) },
      DISCORD_API_URL: `http://127.0.0.1:${ports.discord}/api/v10`,
      DISCORD_APPLICATION_ID: expect.stringMatching(/^\d{17,20}$/),
      DISCORD_BOT_TOKEN: expect.any(String),
      DISCORD_PUBLIC_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
      LOG_LEVEL: "info",
      UPSTASH_REDIS_REST_TOKEN: expect.stringMatching(/^[\w-]{24}$/),
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${ports.redis}`,
    });
    expect(JSON.stringify(bindings)).not.toContain("poison");
    if (process.platform === "linux") {
      const [program = 0] = descendantsOf(dev.child.pid ?? 0).filter((pid) =>
        /^[^\0]*node\0local\/dev\.ts\0/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")),
      );
      const environments = descendantsOf(program).map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
      expect(environments.length).toBeGreaterThan(1);
      expect(environments.filter((environment) => environment.includes("poison"))).toEqual([]);
    }
    // Npm alone is killed: the world stops all the same.
    dev.child.kill("SIGKILL");
    await expectNothingLeft(ports);
  });
});

/** Returns the processes below one, on Linux. */
function descendantsOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
  return [...children, ...children.flatMap(descendantsOf)];
}
