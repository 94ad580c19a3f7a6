import { Hono } from "hono";
import { LineError } from "./interactions/line-error.ts";
import type { From } from "./people.ts";
import type { RestFault } from "./rest/faults.ts";
import type { Simulator } from "./simulator.ts";
import type { World } from "./world/world.ts";

/** A request to `POST /simulator/interactions`: a line as a person types it, or a payload to send as it is. */
interface Order extends From {
  line?: string;
  payload?: object;
}

/** How `npm run send` and other tools drive a running simulator. Not part of Discord. */
export function controlRoutes(simulator: Simulator): Hono {
  const app = new Hono();

  app.get("/", (c) =>
    c.json({
      applicationId: simulator.applicationId,
      publicKey: simulator.publicKey,
      interactionsUrl: simulator.interactionsUrl,
      commands: simulator.commands().map(({ name, description }) => ({ name, description })),
      names: namesOf(simulator.world),
    }),
  );

  app.post("/interactions", async (c) => {
    const { line, payload, ...from } = await c.req.json<Order>();
    try {
      if (payload !== undefined) return c.json(await simulator.send(payload));
      if (typeof line === "string") return c.json(await simulator.command(line, from));
    } catch (error) {
      if (error instanceof LineError) return c.json({ error: error.message }, 400);
      throw error;
    }
    return c.json({ error: 'An interaction needs a "line" such as "/ping", or a "payload".' }, 400);
  });

  app.put("/faults", async (c) => {
    simulator.setRestFault(await c.req.json<RestFault>());
    return c.body(null, 204);
  });

  return app;
}

/** How mentions read: people by their display name, roles and channels by their name. */
function namesOf({ users, guilds }: World): Record<string, string> {
  const named = [...guilds.values()].flatMap(({ roles, channels }) => [...roles.values(), ...channels.values()]);
  return Object.fromEntries([
    ...[...users.values()].map((user) => [user.id, user.global_name ?? user.username]),
    ...named.map(({ id, name }) => [id, name ?? ""]),
  ]);
}
