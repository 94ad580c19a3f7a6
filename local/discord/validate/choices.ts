import { ApplicationCommandOptionType as Type } from "discord-api-types/v10";
import type { FieldError } from "../errors.ts";
import { type Check, integer, list, number, object, text } from "./checks.ts";

const either: Check = (given, path) => (typeof given === "number" ? number()(given, path) : text(0, 100)(given, path));
const values = new Map<unknown, Check>([
  [Type.String, text(0, 100)],
  [Type.Integer, integer()],
  [Type.Number, number()],
]);

/**
 * Checks the choices of an autocomplete answer: their values must have the type of the option.
 * @see https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete
 */
export const checkChoices = (data: unknown, path: string, type?: number): FieldError[] =>
  object({ choices: list(0, 25, object({ name: text(1, 100), value: values.get(type) ?? either })) })(data, path);
