import { ComponentType } from "discord-api-types/v10";
import type { World } from "../../discord/index.ts";
import { lineOf } from "./line.ts";
import { kindOf, type Payload } from "./payload.ts";

/** Returns an exchange in a few words: `/remind me in:10m`, `Click "Pizza"`, `Who is → linus`. */
export function titleOf(payload: Payload, world: World): string {
  const { data = {}, event } = payload;
  switch (kindOf(payload)) {
    case "ping":
      return "PING";
    case "event":
      return event?.type ?? "PING of the webhook events";
    case "component": {
      const name = labelOf(payload);
      return data.component_type === ComponentType.Button ? `Click "${name}"` : `Choose in "${name}"`;
    }
    case "form":
      return `Submit ${data.custom_id ?? "a form"}`;
    case "autocomplete":
      return `${lineOf(payload, world)}…`;
    default: {
      if ((data.type ?? 1) === 1) return lineOf(payload, world);
      const target = data.resolved?.users?.[data.target_id ?? ""]?.username;
      return data.target_id === undefined ? `${data.name}` : `${data.name} → ${target ?? "a message"}`;
    }
  }
}

/** Returns the command as it is shown above an answer, without values: `/remind me`. Empty for other interactions. */
export function commandOf({ data = {}, ...payload }: Payload): string {
  if (kindOf(payload) !== "command" || data.name === undefined) return "";
  if ((data.type ?? 1) !== 1) return data.name;
  const names = [data.name];
  for (let [first] = data.options ?? []; first?.options; [first] = first.options) names.push(first.name);
  return `/${names.join(" ")}`;
}

/** Returns the label of the component that was used. */
export function labelOf({ data = {}, message }: Payload): string {
  const component = find(message?.components, data.custom_id);
  const emoji = component?.["emoji"] as { name?: string } | undefined;
  const names = [component?.["label"], component?.["placeholder"], emoji?.name, data.custom_id];
  return names.find((name) => typeof name === "string" && name !== "") ?? "";
}

// --- Internal helpers ---

type Part = Record<string, unknown> & { label?: string; placeholder?: string };

function find(parts: unknown, customId: string | undefined): Part | undefined {
  if (!Array.isArray(parts)) return undefined;
  for (const part of parts as Part[]) {
    if (part["custom_id"] === customId) return part;
    const found = find(
      [...((part["components"] as Part[]) ?? []), ...(part["accessory"] ? [part["accessory"]] : [])],
      customId,
    );
    if (found) return found;
  }
  return undefined;
}
