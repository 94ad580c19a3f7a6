import type { APIMessage } from "discord-api-types/v10";
import { Hono } from "hono";
import * as v from "valibot";
import { hasButton, hasMenu } from "./interactions/components.ts";
import { LineError } from "./interactions/line-error.ts";
import type { Entered } from "./interactions/modals.ts";
import type { Simulator, Transcript } from "./simulator.ts";
import type { World } from "./world/world.ts";

const text = v.exactOptional(v.string());

/** A request to `POST /simulator/interactions`: one action, and who acts where. */
const orderSchema = v.strictObject({
  /** A slash command as it is typed. */
  line: text,
  /** A slash command that is being typed: the Worker is asked for the choices of its last option. */
  complete: text,
  /** The label of a button. */
  click: text,
  /** The choices in a menu. */
  select: v.exactOptional(v.array(v.string())),
  /** The values for the form that opened last. */
  submit: v.exactOptional(v.record(v.string(), v.unknown())),
  /** A command in the context menu of a user. */
  userCommand: text,
  /** A command in the context menu of a message. */
  messageCommand: text,
  /** The user of `userCommand`, or the ID of the message of `messageCommand`. Default: Ada, or the message of `on`. */
  target: text,
  /** The ID of the message to act on. Default: the last in the channel. */
  on: text,
  /** A payload to sign and send unchanged, but for an ID and a token where it has none. */
  payload: v.exactOptional(v.looseObject({})),
  user: text,
  channel: text,
  locale: text,
  userInstall: v.exactOptional(v.boolean()),
});
type Order = v.InferOutput<typeof orderSchema>;

const faultSchema = v.strictObject({
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  times: v.pipe(v.number(), v.integer(), v.minValue(0)),
  retryAfter: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  isAfter: v.exactOptional(v.boolean()),
  path: text,
});

/** Returns the routes with which `npm run send` and other tools drive the simulator. They are not part of Discord. */
export function controlRoutes(simulator: Simulator, settled: () => Promise<unknown>): Hono {
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof LineError) return c.json({ error: error.message }, 400);
    throw error;
  });

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
    const order = await read(c.req.raw, orderSchema);
    await settled();
    const transcript = await carryOut(simulator, order);
    if (transcript) return c.json(transcript);
    throw new LineError('The request has no action, such as {"line":"/ping"}.');
  });

  app.put("/faults", async (c) => {
    simulator.setRestFault(await read(c.req.raw, faultSchema));
    return c.body(null, 204);
  });

  return app;
}

// --- Internal helpers ---

/** Returns a request's JSON once a schema has accepted it. */
async function read<T>(request: Request, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const body: unknown = await request.json().catch(() => {
    throw new LineError("The body is not JSON.");
  });
  const { success, output, issues } = v.safeParse(schema, body);
  if (success) return output;
  const [issue] = issues;
  throw new LineError(`${v.getDotPath(issue) ?? "The body"}: ${issue.message}`);
}

async function carryOut(simulator: Simulator, order: Order): Promise<Transcript | undefined> {
  const { line, complete, click, select, submit, userCommand, messageCommand, target, on, payload, ...from } = order;
  /** The newest message that can take the action, as a person looks for it; else the newest, which then says what it lacks. */
  const last = (canTake: (message: APIMessage) => boolean = () => true) => {
    const seen = on === undefined ? simulator.visibleMessages(from) : [];
    const id = on ?? (seen.findLast(canTake) ?? seen.at(-1))?.id;
    if (id === undefined) throw new LineError("This channel has no messages yet.");
    return id;
  };
  if (payload !== undefined) return simulator.send(payload);
  if (line !== undefined) return simulator.command(line, from);
  if (complete !== undefined) return simulator.autocomplete(complete, from);
  if (click !== undefined)
    return simulator.click(
      last((message) => hasButton(message, click)),
      { label: click },
      from,
    );
  if (select !== undefined) return simulator.select(last(hasMenu), {}, select, from);
  if (submit !== undefined) return simulator.submit(simulator.openForm(from), submit as Entered, from);
  if (userCommand !== undefined) return simulator.userCommand(userCommand, target ?? "ada", from);
  if (messageCommand !== undefined) return simulator.messageCommand(messageCommand, target ?? last(), from);
  return undefined;
}

/** Returns the names that mentions show, by ID: display names of users, names of roles and channels. */
function namesOf({ users, guilds }: World): Record<string, string> {
  const named = [...guilds.values()].flatMap(({ roles, channels }) => [...roles.values(), ...channels.values()]);
  return Object.fromEntries([
    ...[...users.values()].map((user) => [user.id, user.global_name ?? user.username]),
    ...named.map(({ id, name }) => [id, name ?? ""]),
  ]);
}
