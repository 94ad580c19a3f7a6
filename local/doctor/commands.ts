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
    const servers = await rest().get<{ id: string; name: string }[]>("/users/@me/guilds", {
      query: { limit: mostServers },
    });
    const declared = commandBodies(features);
    const found = await Promise.all(servers.map((server) => inServer(rest(), server.id, declared)));
    const at = (is: (one: ServerCommands) => boolean) => servers.filter((_, index) => is(found[index] ?? none));
    const [outdated] = at(({ changes }) => changes.length > 0);
    if (outdated) {
      const changes = found[servers.indexOf(outdated)]?.changes ?? [];
      return wrong(`in ${outdated.name}: ${describe(changes)}`, `npm run register -- --guild ${outdated.id}`);
    }
    const doubled = at(({ count }) => count > 0);
    const some = servers.length === mostServers ? `the first ${mostServers} servers` : `${servers.length} servers`;
    if (doubled.length === 0) return right(`none in ${some}: the global ones are the only ones`);
    return right(`as declared in ${doubled.map(({ name }) => name).join(", ")}, where people see each command twice`);
  },
};

// --- Internal helpers ---

interface ServerCommands {
  count: number;
  changes: readonly Change[];
}

const none: ServerCommands = { count: 0, changes: [] };

/** A server without commands has nothing to differ. */
async function inServer(
  rest: DiscordRest,
  id: string,
  declared: ReturnType<typeof commandBodies>,
): Promise<ServerCommands> {
  const registered = await listCommands(rest, id);
  return registered.length === 0
    ? none
    : { count: registered.length, changes: compareCommands(declared, registered, true) };
}

const verbs = { create: "missing", update: "other than declared", delete: "no longer declared" };

function describe(changes: readonly Change[]): string {
  const parts = (["create", "update", "delete"] as const).flatMap((action) => {
    const titles = changes.filter((change) => change.action === action).map(({ command }) => titleOf(command));
    return titles.length === 0 ? [] : [`${verbs[action]}: ${titles.join(", ")}`];
  });
  return parts.join("; ");
}
