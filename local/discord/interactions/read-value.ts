import {
  type APIApplicationCommandOption,
  type APIAttachment,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import { isSnowflake } from "../snowflake.ts";
import type { Guild, World } from "../world/world.ts";
import { type EntityKind, findEntity } from "./entities.ts";
import { LineError } from "./line-error.ts";
import { checkType } from "./picked-files.ts";

/** Where names such as `@ada` and `#general` are looked up, and how the line is read. */
export interface Surroundings {
  world: World;
  guild: Guild | undefined;
  /** The files for options of type attachment, by option. */
  attachments?: Readonly<Record<string, APIAttachment>>;
  /** The line is still being typed: required options may be missing, and the last option has the cursor. */
  isTyping?: boolean;
}

export const listOf = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none");

/** Returns the value of an option as Discord sends it. Throws a `LineError` for one that its client would not take. */
export function readValue(
  text: string,
  option: APIApplicationCommandOption,
  where: Surroundings,
): string | number | boolean {
  const wrong = (what: string) => new LineError(`The option "${option.name}" takes ${what}, not "${text}".`);
  if ("choices" in option && option.choices && option.choices.length > 0) {
    const choice = option.choices.find(({ name, value }) => name === text || String(value) === text);
    if (!choice) throw wrong(`one of: ${listOf(option.choices.map(({ name }) => name))}`);
    return choice.value;
  }
  switch (option.type) {
    case Type.String: {
      const { min_length: min = 0, max_length: max = 6_000 } =
        "min_length" in option || "max_length" in option ? option : {};
      const { length } = Array.from(text);
      if (length < min || length > max) throw wrong(`${min} to ${max} characters`);
      return text;
    }
    case Type.Integer:
    case Type.Number: {
      const isInteger = option.type === Type.Integer;
      if (isInteger && !/^-?\d+$/.test(text)) throw wrong("a whole number");
      if (text === "" || !Number.isFinite(Number(text))) throw wrong("a number");
      if (Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER) throw wrong("a number within ±2^53");
      const { min_value: min, max_value: max } = option as { min_value?: number; max_value?: number };
      if (min !== undefined && Number(text) < min) throw wrong(`${min} or more`);
      if (max !== undefined && Number(text) > max) throw wrong(`${max} or less`);
      return Number(text);
    }
    case Type.Boolean:
      if (!/^(true|false)$/i.test(text)) throw wrong("true or false");
      return text.toLowerCase() === "true";
    case Type.Attachment: {
      const file = where.attachments?.[option.name];
      if (!file) throw wrong("a file, not text");
      checkType(file.filename, (option as { file_types?: string[] }).file_types);
      return text;
    }
    default: {
      const { kinds, words } = entities[option.type as EntityType];
      const id = findEntity(text, kinds, where.world, where.guild);
      if (id === undefined) throw wrong(isSnowflake(text) ? "an existing ID" : words);
      const channel = where.guild?.channels.get(id);
      const types = ("channel_types" in option && option.channel_types) || [];
      if (channel && types.length > 0 && !types.some((type) => type === channel.type))
        throw wrong("another type of channel");
      return id;
    }
  }
}

// --- Internal helpers ---

type EntityType = Type.User | Type.Channel | Type.Role | Type.Mentionable;

/** What the options of a type name, and the words for it. */
const entities: Record<EntityType, { kinds: EntityKind[]; words: string }> = {
  [Type.User]: { kinds: ["user"], words: "a user, as @name or an ID" },
  [Type.Channel]: { kinds: ["channel"], words: "a channel, as #name or an ID" },
  [Type.Role]: { kinds: ["role"], words: "a role, as @name or an ID" },
  [Type.Mentionable]: { kinds: ["user", "role"], words: "a user or role, as @name or an ID" },
};
