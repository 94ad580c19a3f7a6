import {
  type Entered,
  findChannel,
  LineError,
  messagesOf,
  type PickedFile,
  type Simulator,
} from "../../discord/index.ts";
import type { Act, CompletedView, FieldValue } from "../protocol.ts";
import type { Forms } from "./forms.ts";
import type { Messages } from "./message-view.ts";
import type { Pending } from "./pending.ts";
import type { Polls } from "./polls.ts";
import { sampleOf } from "./webhook-samples.ts";

/** A person who acts, and in which channel. */
export interface Actor {
  personId: string;
  channelId: string;
  /** The files that came along, by the name of their field. */
  files: ReadonlyMap<string, PickedFile>;
}

export type Acted = { exchange: string } | CompletedView | Record<string, never>;

export interface ActOptions {
  simulator: Simulator;
  forms: Forms;
  messages: Messages;
  pending: Pending;
  polls: Polls;
  /** Called when the person has seen everything in a channel. */
  onRead(personId: string, channelId: string): void;
  /** Called when a message is hidden from the person. */
  onHidden(personId: string, channelId: string, messageId: string): void;
}

/** Returns a function that does what a person did in the page. It throws a `LineError` for what no client would allow. */
export function createAct({ simulator, forms, messages, pending, polls, onRead, onHidden }: ActOptions) {
  const { byId, people, world } = simulator;

  function start(payload: object): { exchange: string } {
    const { exchange, ended } = simulator.start(payload);
    // The stream tells how it ends.
    ended.catch(() => {});
    return { exchange };
  }

  /** Returns a message that the person sees, and who acts on it. */
  function messageFor({ personId }: Actor, id: string) {
    const message = simulator.message(id);
    if (!message || !messages.view(personId, message)) throw new LineError("There is no such message here.");
    // The name by which the simulator finds a channel of direct messages.
    const isDirect = world.directChannels.get(personId)?.id === message.channel_id;
    return { message, from: { user: personId, channel: isDirect ? "dm" : message.channel_id } };
  }

  async function complete(actor: Actor, { commandId, options }: Extract<Act, { do: "complete" }>) {
    const payload = byId.complete({ userId: actor.personId, channelId: actor.channelId }, commandId, options);
    const { answer, problems } = await simulator.start(payload).ended;
    return answer.kind === "choices" ? { choices: answer.choices } : { reasons: problems };
  }

  async function submit({ personId, files }: Actor, { token, fields }: Extract<Act, { do: "submit" }>) {
    const form = simulator.interactions.get(token);
    if (form?.answer.kind !== "modal" || form.userId !== personId) throw new LineError("There is no such form here.");
    const uploads = uploadsIn(form.answer.modal);
    const entered = Object.entries(fields).map(([id, value]) => [id, uploads.has(id) ? picked(value, files) : value]);
    const payload = await people.submit(token, Object.fromEntries(entered) as Entered, { user: personId });
    const started = start(payload);
    forms.submitted(started.exchange, form);
    return started;
  }

  return async function act(actor: Actor, what: Act): Promise<Acted> {
    const { personId, channelId, files } = actor;
    const place = { userId: personId, channelId };
    switch (what.do) {
      case "command":
        return start(await byId.command(place, what.commandId, what.options, files));
      case "complete":
        return complete(actor, what);
      case "user-command":
      case "message-command": {
        const isMessage = messagesOf(world, channelId).has(what.target);
        if (isMessage !== (what.do === "message-command")) throw new LineError("There is no such target here.");
        return start(byId.menu(place, what.commandId, what.target));
      }
      case "click": {
        const { from } = messageFor(actor, what.messageId);
        return start(people.click(what.messageId, { customId: what.customId }, from));
      }
      case "select": {
        const { from } = messageFor(actor, what.messageId);
        return start(people.select(what.messageId, { customId: what.customId }, what.values, from));
      }
      case "submit":
        return submit(actor, what);
      case "say":
        byId.say(place, what.text);
        onRead(personId, channelId);
        return {};
      case "vote":
        polls.vote(personId, messageFor(actor, what.messageId).message, what.answers);
        return {};
      case "dismiss": {
        if (pending.dismiss(personId, what.messageId)) return {};
        const { message } = messageFor(actor, what.messageId);
        if (!messages.dismiss(personId, message)) throw new LineError("Only an ephemeral message can be dismissed.");
        onHidden(personId, message.channel_id, message.id);
        return {};
      }
      case "event": {
        const user = world.users.get(personId);
        if (!user) throw new LineError("There is no such person.");
        const { guild } = findChannel(world, channelId) ?? {};
        const { applicationId, createId } = simulator;
        const data = sampleOf(what.type, { applicationId, createId, user, guild });
        const { exchange, ended } = simulator.startEvent(simulator.buildEvent(what.type, data));
        ended.catch(() => {});
        return { exchange };
      }
      case "read":
        if (!findChannel(world, what.channelId)) throw new LineError("There is no such channel.");
        onRead(personId, what.channelId);
        return {};
    }
  };
}

// --- Internal helpers ---

const fileUpload = 19;

/** Returns the custom_ids of a form's fields for files. */
function uploadsIn(modal: Readonly<Record<string, unknown>>): Set<string> {
  const rows = (modal["components"] ?? []) as { component?: { type?: number; custom_id?: string } }[];
  return new Set(
    rows.flatMap(({ component }) => (component?.type === fileUpload ? [String(component.custom_id)] : [])),
  );
}

function picked(value: FieldValue, files: ReadonlyMap<string, PickedFile>): PickedFile[] {
  const names = Array.isArray(value) ? value : value === null || value === "" ? [] : [String(value)];
  return names.map((name) => {
    const file = files.get(name);
    if (!file) throw new LineError(`There is no file "${name.slice(0, 100)}" in the request.`);
    return file;
  });
}
