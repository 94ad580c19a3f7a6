import type { APIApplicationCommand, APIMessage } from "discord-api-types/v10";
import type { Hono } from "hono";
import type { ActionsById } from "./actions-by-id.ts";
import type { Context } from "./context.ts";
import type { Events } from "./events.ts";
import type { Which } from "./interactions/components.ts";
import type { Delivery } from "./interactions/deliver.ts";
import type { Entered } from "./interactions/modals.ts";
import type { PickedFile } from "./interactions/picked-files.ts";
import type { Tampering } from "./interactions/post-signed.ts";
import type { InteractionRecord } from "./interactions/record.ts";
import type { SigningKeys } from "./keys.ts";
import type { createPeople, From } from "./people.ts";
import type { RestFault } from "./rest/faults.ts";
import type { EventDelivery } from "./webhook-events.ts";
import type { ApplicationSettings } from "./world/application.ts";
import type { World } from "./world/world.ts";

export interface SimulatorOptions {
  /**
   * The Worker's address for interactions. Null: none, as of an application that was just created; a bot enters it with
   * `PATCH /applications/@me`.
   */
  interactionsUrl: string | null;
  /** The Worker's address for webhook events. Default: `/webhook-events` on the same host. */
  webhookEventsUrl?: string | null;
  /** How attachment URLs begin. Default: the address at which the simulator is served. */
  publicUrl?: string;
  /** Default: a new key pair. */
  keys?: SigningKeys;
  /** Default: the clock of the machine. */
  clock?: Context["clock"];
  /** Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** Returns headers that Discord does not send, by the exchange that a request begins. Default: none. */
  marks?: (exchange: string) => Record<string, string>;
  /** Default: a new one. */
  botToken?: string;
  /**
   * Resolves when the Worker is as its files are: what `npm run send` sends waits for that, since a command that was saved
   * just now is not registered yet. Default: at once.
   */
  settled?: () => Promise<unknown>;
}

/** An interaction, its answer as a person sees it, and why Discord would have refused it. */
export interface Transcript extends Delivery {
  /** The messages in answer: the original in its present state, then the follow-ups. */
  messages: APIMessage[];
}

/**
 * Discord on this machine. Methods that take `from` act as a person: they throw a `LineError` for an action that
 * Discord's client would not allow, wait up to ten seconds for a deferred answer, and return the transcript.
 */
export interface Simulator {
  readonly applicationId: string;
  /** 64 hex digits: the Worker's `DISCORD_PUBLIC_KEY`. */
  readonly publicKey: string;
  /** The Worker's `DISCORD_BOT_TOKEN`. */
  readonly botToken: string;
  /** Where interactions go now; null for an application without an address. */
  readonly interactionsUrl: string | null;
  /** The application's settings, as its developer sees them. */
  readonly application: ApplicationSettings;
  /** The simulated users, guilds, channels and messages. */
  readonly world: World;
  /** The HTTP side: Discord's REST API under `/api/v10`, attachments, and the control routes under `/simulator`. */
  readonly app: Hono;
  /** Replaces the global commands. Throws Discord's error for a declaration that Discord refuses. */
  registerCommands(declarations: readonly object[]): void;
  /** Returns the registered global commands. */
  commands(): APIApplicationCommand[];
  /** Sends a slash command; `files` go to its options of type attachment, by the option's name. */
  command(line: string, from?: From, files?: Readonly<Record<string, PickedFile>>): Promise<Transcript>;
  /** Asks the Worker to complete the last option of the line. */
  autocomplete(line: string, from?: From): Promise<Transcript>;
  /** Uses a command of a user's context menu. */
  userCommand(name: string, target: string, from?: From): Promise<Transcript>;
  /** Uses a command of a message's context menu. */
  messageCommand(name: string, messageId: string, from?: From): Promise<Transcript>;
  /** Opens the application's activity. */
  entryPoint(from?: From): Promise<Transcript>;
  /** Clicks a button. */
  click(messageId: string, which: Which, from?: From): Promise<Transcript>;
  /** Chooses in a menu, by labels, values, names or IDs. */
  select(messageId: string, which: Which, values: readonly string[], from?: From): Promise<Transcript>;
  /** Submits the form with which the interaction of this token was answered. */
  submit(token: string, entered: Entered, from?: From): Promise<Transcript>;
  /** Returns the token of the form that was shown to the person last and is still open. */
  openForm(from?: From): string;
  /** Waits for the next change of an interaction's messages, at most ten seconds. */
  later(token: string): Promise<Transcript>;
  /** Sends a webhook event to the Worker; `times` repeats the same one, as Discord does after a failure. Default: 1. */
  webhookEvent(type: string, data: object, times?: number): Promise<EventDelivery>;
  /** Sends the PING of the webhook events. */
  webhookPing(): Promise<EventDelivery>;
  /** The uploaded files by the path under which they are served. */
  readonly files: Context["files"];
  /** Returns a message of any channel in its present state. */
  message(id: string): APIMessage | undefined;
  /** Returns a new ID. */
  createId(): string;
  /** Puts a message into the world, new or changed, and tells it. */
  keepMessage(message: APIMessage, privateTo?: string): void;
  /** Returns the messages of a channel that the person can see, oldest first. */
  visibleMessages(from?: From): APIMessage[];
  /** Signs and sends a payload unchanged, but for an ID and a token where it has none. */
  send(payload: object): Promise<Transcript>;
  /** Sends a payload as `send` does. Returns the ID of its exchange at once. */
  start(payload: object): { exchange: string; ended: Promise<Transcript> };
  /** Returns the body of a webhook event. */
  buildEvent(type: string, data: object): object;
  /** Sends the body of a webhook event, signed now. Returns the ID of its exchange at once. */
  startEvent(body: object): { exchange: string; ended: Promise<EventDelivery> };
  /** Sends a body whose signature must be refused. Nothing comes of it. Default: to the address for interactions. */
  probe(body: string, tamper: Tampering, to?: "interactions" | "events"): { exchange: string; ended: Promise<void> };
  /** Builds the payloads of what people do, by names. */
  readonly people: ReturnType<typeof createPeople>;
  /** The same by IDs. */
  readonly byId: ActionsById;
  /** The interactions by token. */
  readonly interactions: ReadonlyMap<string, InteractionRecord>;
  /** Calls the listener at every change. Returns a function that ends it. */
  on: Events["on"];
  /** Sends the PING of the interactions. */
  ping(): Promise<Transcript>;
  /** Makes the REST API fail; `undefined` ends it. */
  setRestFault(fault: RestFault | undefined): void;
  /** Makes the REST API fail in several ways; without an argument it mends it. */
  setRestFaults(...faults: readonly RestFault[]): void;
  /** Listens; port 0 is any free port. Rejects with a sentence when the port is taken. */
  serve(at: { host: string; port: number }): Promise<Served>;
}

/** A listening simulator. */
export interface Served {
  url: string;
  close(): Promise<void>;
}
