import type { FieldError } from "../errors.ts";
import { type Check, list, number, object, text } from "./checks.ts";

const value: Check = (given, path) => (typeof given === "number" ? number()(given, path) : text(0, 100)(given, path));
const choices = object({ choices: list(0, 25, object({ name: text(1, 100), value })) });

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete */
export const checkChoices = (data: unknown, path: string): FieldError[] => choices(data, path);
