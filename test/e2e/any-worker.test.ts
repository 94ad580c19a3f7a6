import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { DiscordHono } from "discord-hono";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "./support.ts";

// The playground before a bot of another framework, which knows nothing of this project.

const root = join(import.meta.dirname, "../..");
const ada = "1100000000000000011";
const general = "1100000000000000111";

/** Starts `npm run playground` and returns what it prints by name. */
async function startPlayground(worker: string) {
  const args = ["local/playground.ts", "--worker", worker, "--port", String(await freePort())];
  const child: ChildProcess = spawn(process.execPath, args, { cwd: root });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    await ended;
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("Ctrl-C")) resolve();
      });
    }
    child.once("close", () => reject(new Error(output)));
  });
  const printed = (name: string) => new RegExp(`^ +${name} +(\\S+)$`, "m").exec(output)?.[1] ?? "";
  return {
    url: printed("Playground"),
    applicationId: printed("application id"),
    publicKey: printed("public key"),
    token: printed("bot token"),
    api: printed("Discord's API"),
  };
}

it("is told its key and token, registers its commands there, and is talked to", async () => {
  const env: Record<string, string> = {};
  const bot = new DiscordHono().command("hello", (c) =>
    c.res(`Hello from elsewhere, ${c.interaction.member?.user.username}`),
  );
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: (request) => bot.fetch(request, env), port: 0, hostname: "127.0.0.1" }, (address) =>
      resolve(address.port),
    );
    onTestFinished(() => void server.close());
  });
  const { url, applicationId, publicKey, token, api } = await startPlayground(`http://127.0.0.1:${port}/`);
  Object.assign(env, { DISCORD_APPLICATION_ID: applicationId, DISCORD_PUBLIC_KEY: publicKey, DISCORD_TOKEN: token });

  const registered = await fetch(`${api}/applications/${applicationId}/commands`, {
    method: "PUT",
    headers: { Authorization: `Bot ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify([{ name: "hello", description: "Says hello" }]),
  });
  const [{ id }] = (await registered.json()) as [{ id: string }];

  const post = (path: string, body: object) =>
    fetch(`${url}/playground/api${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((response) => response.json());
  const { exchange } = await post(`/act?person=${ada}&channel=${general}`, {
    do: "command",
    commandId: id,
    options: [],
  });
  const get = async (path: string) => (await fetch(`${url}/playground/api${path}`)).json();
  await expect
    .poll(async () => (await get(`/messages?person=${ada}&channel=${general}`)).messages)
    .toMatchObject([{ message: { content: "Hello from elsewhere, ada" }, cause: { title: "/hello" } }]);
  expect(await get(`/exchanges/${exchange}`)).toMatchObject({ status: 200, problems: [], isCertain: true });
  const { exchanges } = await post(`/exchanges/${exchange}/again`, { how: "bad-signature" });
  await expect.poll(async () => get(`/exchanges/${exchanges[0]}`)).toMatchObject({ status: 401, problems: [] });
});
