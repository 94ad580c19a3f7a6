import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  type APIApplicationCommandInteractionDataOption as Option,
  ApplicationCommandOptionType as Type,
} from "discord-api-types/v10";
import { LineError } from "./line-error.ts";
import { listOf, readValue, type Surroundings } from "./read-value.ts";

/** An option as a client with fields sends it: ids for users, roles, channels and kept files. */
export interface GivenOption {
  name: string;
  type: number;
  value?: string | number | boolean;
  options?: readonly GivenOption[];
  /** The option that is being typed. */
  focused?: boolean;
}

/**
 * Returns the options of a command as Discord sends them. Throws a `LineError` for options that no client would send: unknown
 * or missing ones, and values that their declaration refuses. While a command is typed such values are left out instead.
 */
export function readGiven(
  given: readonly GivenOption[],
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): Option[] {
  const branches = declared.filter(isBranch);
  if (branches.length > 0) return readBranch(given, branches, path, where);
  refuseStrays(given, declared, path);
  if (where.isTyping) return readTyped(given, declared, path, where);
  return declared.flatMap((option) => {
    const one = given.find(({ name }) => name === option.name);
    if (one?.value === undefined) {
      if (option.required) throw new LineError(`${path} needs the option "${option.name}".`);
      return [];
    }
    return [{ name: option.name, type: option.type, value: valueOf(one, option, where) } as Option];
  });
}

// --- Internal helpers ---

const isBranch = ({ type }: APIApplicationCommandOption): boolean =>
  type === Type.Subcommand || type === Type.SubcommandGroup;

function readBranch(
  [first, ...more]: readonly GivenOption[],
  branches: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): Option[] {
  const branch = branches.find(({ name, type }) => name === first?.name && type === first.type);
  if (!first || !branch || more.length > 0)
    throw new LineError(`${path} needs one subcommand. It has: ${listOf(branches.map(({ name }) => name))}.`);
  const { options: inner = [] } = branch as APIApplicationCommandSubcommandOption;
  const options = readGiven(first.options ?? [], inner, `${path} ${branch.name}`, where);
  return [{ name: branch.name, type: branch.type, options } as Option];
}

function refuseStrays(
  given: readonly GivenOption[],
  declared: readonly APIApplicationCommandOption[],
  path: string,
): void {
  for (const [index, { name, type }] of given.entries()) {
    if (!declared.some((option) => option.name === name && option.type === type)) {
      throw new LineError(`${path} has no option "${name}". It has: ${listOf(declared.map((one) => one.name))}.`);
    }
    if (given.findIndex((one) => one.name === name) < index)
      throw new LineError(`The option "${name}" is given twice.`);
  }
}

function readTyped(
  given: readonly GivenOption[],
  declared: readonly APIApplicationCommandOption[],
  path: string,
  where: Surroundings,
): Option[] {
  const focused = given.filter((one) => one.focused);
  const [cursor] = focused;
  const option = declared.find(({ name }) => name === cursor?.name);
  if (!cursor || focused.length > 1) throw new LineError(`One option of ${path} must have the cursor.`);
  if (!option || !("autocomplete" in option) || !option.autocomplete)
    throw new LineError(`The option "${cursor.name}" of ${path} has no autocomplete.`);
  return given.flatMap((one) => {
    const { name, type, value = "" } = one;
    if (one === cursor) return [{ name, type, value: String(value), focused: true }];
    const other = declared.find((declaredOne) => declaredOne.name === name);
    try {
      return other ? [{ name, type, value: valueOf(one, other, where) }] : [];
    } catch (error) {
      if (error instanceof LineError) return [];
      throw error;
    }
  });
}

function valueOf({ name, value = "" }: GivenOption, option: APIApplicationCommandOption, where: Surroundings) {
  const { choices = [] } = option as APIApplicationCommandBasicOption & { choices?: { value: string | number }[] };
  if (choices.length === 0) return readValue(String(value), option, where);
  const choice = choices.find((one) => one.value === value);
  if (choice) return choice.value;
  throw new LineError(`The option "${name}" takes one of its choices.`);
}
