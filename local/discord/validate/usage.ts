import { ComponentType, MessageFlags } from "discord-api-types/v10";
import { isFields, lengthOf, textOf } from "./checks.ts";
import { walk } from "./components.ts";
import { sizeOf } from "./embeds.ts";

/** How much of one of Discord's limits is used. */
export interface Usage {
  name: string;
  used: number;
  max: number;
}

/** Returns how much of Discord's limits a message or form uses, those alone that count for it. */
export function usageOf(data: unknown): Usage[] {
  if (!isFields(data)) return [];
  const components = listOf(data["components"]);
  if (typeof data["title"] === "string" && typeof data["custom_id"] === "string")
    return [{ name: "Fields", used: components.length, max: 5 }];
  const all = walk(components).map(({ component }) => component);
  if ((Number(data["flags"] ?? 0) & MessageFlags.IsComponentsV2) !== 0) {
    const texts = all.filter(({ type }) => type === ComponentType.TextDisplay);
    return [
      { name: "Components", used: all.length, max: 40 },
      { name: "Characters", used: sum(texts.map(({ content }) => lengthOf(textOf(content)))), max: 4_000 },
    ];
  }
  const embeds = listOf(data["embeds"]).filter(isFields);
  return [
    { name: "Characters", used: lengthOf(textOf(data["content"])), max: 2_000 },
    ...(embeds.length > 0
      ? [
          { name: "Embeds", used: embeds.length, max: 10 },
          { name: "Characters in embeds", used: sum(embeds.map(sizeOf)), max: 6_000 },
        ]
      : []),
    ...(components.length > 0 ? [{ name: "Rows", used: components.length, max: 5 }] : []),
  ];
}

// --- Internal helpers ---

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
