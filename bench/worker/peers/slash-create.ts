import { CloudflareWorkerServer, SlashCommand, SlashCreator } from "slash-create/web";
import type { BenchEnv } from "../env.ts";

class PingCommand extends SlashCommand {
  constructor(creator: SlashCreator) {
    super(creator, { name: "ping", description: "Pong" });
  }
  override run() {
    return Promise.resolve("Pong!");
  }
}

let server: CloudflareWorkerServer | undefined;

function start(env: BenchEnv): CloudflareWorkerServer {
  const started = new CloudflareWorkerServer();
  new SlashCreator({
    applicationID: env.DISCORD_APPLICATION_ID,
    publicKey: env.DISCORD_PUBLIC_KEY,
    token: env.DISCORD_TOKEN,
  })
    .withServer(started)
    .registerCommands([PingCommand], false);
  return started;
}

export default {
  fetch: (request, env, ctx) => (server ??= start(env)).fetch(request, env, ctx) as Promise<Response>,
} satisfies ExportedHandler<BenchEnv>;
