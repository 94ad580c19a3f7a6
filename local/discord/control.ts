import { Hono } from "hono";
import { LineError } from "./interactions/line-error.ts";
import type { Entered } from "./interactions/modals.ts";
import type { From } from "./people.ts";
import type { RestFault } from "./rest/faults.ts";
import type { Simulator, Transcript } from "./simulator.ts";
import type { World } from "./world/world.ts";

/** A request to `POST /simulator/interactions`: one of these things that a person does, or a payload to send as it is. */
interface Order extends From {
  /** A slash command as it is typed. */
  line?: string;
  /** A line that is still being typed: Discord asks the Worker to complete it. */
  complete?: string;
  /** The label of a button. */
  click?: string;
  /** What is chosen in a menu. */
  select?: string[];
  /** What is entered in the form that opened last. */
  submit?: Entered;
  /** A command in the menu of a person or a message; `target` says of whom or which. */
  userCommand?: string;
  messageCommand?: string;
  target?: string;
  /** The message to act on; the last in the channel when left out. */
  on?: string;
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
    const order = await c.req.json<Order>();
    try {
      const transcript = await carryOut(simulator, order);
      if (transcript) return c.json(transcript);
    } catch (error) {
      if (error instanceof LineError) return c.json({ error: error.message }, 400);
      throw error;
    }
    return c.json({ error: 'An interaction needs a "line" such as "/ping", a "payload", or another action.' }, 400);
  });

  app.put("/faults", async (c) => {
    simulator.setRestFault(await c.req.json<RestFault>());
    return c.body(null, 204);
  });

  return app;
}

// --- Internal helpers ---

async function carryOut(simulator: Simulator, order: Order): Promise<Transcript | undefined> {
  const { line, complete, click, select, submit, userCommand, messageCommand, target, on, payload, ...from } = order;
  const last = () => {
    const id = on ?? simulator.visibleMessages(from).at(-1)?.id;
    if (id === undefined) throw new LineError("There is no message here yet.");
    return id;
  };
  if (payload !== undefined) return simulator.send(payload);
  if (line !== undefined) return simulator.command(line, from);
  if (complete !== undefined) return simulator.autocomplete(complete, from);
  if (click !== undefined) return simulator.click(last(), { label: click }, from);
  if (select !== undefined) return simulator.select(last(), {}, select, from);
  if (submit !== undefined) return simulator.submit(simulator.openForm(from), submit, from);
  if (userCommand !== undefined) return simulator.userCommand(userCommand, target ?? "ada", from);
  if (messageCommand !== undefined) return simulator.messageCommand(messageCommand, target ?? last(), from);
  return undefined;
}

/** How mentions read: people by their display name, roles and channels by their name. */
function namesOf({ users, guilds }: World): Record<string, string> {
  const named = [...guilds.values()].flatMap(({ roles, channels }) => [...roles.values(), ...channels.values()]);
  return Object.fromEntries([
    ...[...users.values()].map((user) => [user.id, user.global_name ?? user.username]),
    ...named.map(({ id, name }) => [id, name ?? ""]),
  ]);
}
