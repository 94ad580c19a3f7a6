import { features } from "../../src/bot/features.ts";
import type { DiscordRest } from "../../src/discord/index.ts";
import { type Change, compareCommands, listCommands, titleOf } from "../../src/discord/register.ts";
import { commandBodies } from "../../src/runtime/index.ts";
import { ofDiscord } from "./application.ts";
import { type Check, right, wrong } from "./check.ts";

const needs = [...ofDiscord, "DISCORD_APPLICATION_ID"];

export const commands: Check = {
  name: "commands",
  needs,
  async run({ rest }) {
    const declared = commandBodies(features);
    const changes = compareCommands(declared, await listCommands(rest()));
    if (changes.length === 0) return right(`${declared.length} registered, as declared`);
    return wrong(describe(changes), "npm run register");
  },
};

/** As many servers are asked: each costs a request. */
const mostServers = 20;

export const serverCommands: Check = {
  name: "server-commands",
  needs,
  async run({ rest }) {
    const servers = await rest().get<Server[]>("/users/@me/guilds", {
      query: { limit: mostServers },
    });
    const declared = commandBodies(features);
    const found = await Promise.all(servers.map((server) => inServer(rest(), server, declared)));
    const outdated = found.find(({ changes }) => changes.length > 0);
    if (outdated) {
      const { server, changes } = outdated;
      return wrong(`in ${server.name}: ${describe(changes)}`, `npm run register -- --guild ${server.id}`);
    }
    const doubled = found.filter(({ count }) => count > 0).map(({ server }) => server);
    const some = servers.length === mostServers ? `the first ${mostServers} servers` : `${servers.length} servers`;
    if (doubled.length === 0) return right(`none in ${some}: the global ones are the only ones`);
    return right(`as declared in ${doubled.map(({ name }) => name).join(", ")}, where people see each command twice`);
  },
};

// --- Internal helpers ---

interface Server {
  id: string;
  name: string;
}

interface ServerCommands {
  server: Server;
  count: number;
  changes: readonly Change[];
}

/** A server without commands has nothing to differ. */
async function inServer(
  rest: DiscordRest,
  server: Server,
  declared: ReturnType<typeof commandBodies>,
): Promise<ServerCommands> {
  const registered = await listCommands(rest, server.id);
  const changes = registered.length === 0 ? [] : compareCommands(declared, registered, true);
  return { server, count: registered.length, changes };
}

const verbs = { create: "missing", update: "other than declared", delete: "no longer declared" };

function describe(changes: readonly Change[]): string {
  const parts = (["create", "update", "delete"] as const).flatMap((action) => {
    const titles = changes.filter((change) => change.action === action).map(({ command }) => titleOf(command));
    return titles.length === 0 ? [] : [`${verbs[action]}: ${titles.join(", ")}`];
  });
  return parts.join("; ");
}
