import { badLength, type FieldError, required } from "../errors.ts";

/** A declaration as it comes: anything. */
export interface Declaration {
  name?: unknown;
  description?: unknown;
  type?: unknown;
  options?: unknown;
}

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming */
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const subcommand = 1;
const subcommandGroup = 2;

/** What Discord finds wrong with a command's declaration, each with its path. */
export function checkDeclaration(declaration: Declaration, path = ""): FieldError[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const type = declaration.type ?? 1;
  if (type !== 1) return checkText(declaration.name, at("name"), 32);
  return [
    ...checkName(declaration.name, at("name")),
    ...checkText(declaration.description, at("description"), 100),
    ...checkOptions(declaration.options, at("options")),
  ];
}

function checkOptions(options: unknown, path: string): FieldError[] {
  if (options === undefined || options === null) return [];
  if (!Array.isArray(options))
    return [{ path, code: "LIST_TYPE_CONVERT", message: "Only iterables may be used in a ListType" }];
  const list = options as (Declaration & { required?: boolean; choices?: unknown[] })[];
  const errors: FieldError[] = list.length > 25 ? [badLength(path, 0, 25)] : [];
  const names = new Set<unknown>();
  let sawOptional = false;
  for (const [index, option] of list.entries()) {
    const at = `${path}.${index}`;
    errors.push(...checkName(option.name, `${at}.name`), ...checkText(option.description, `${at}.description`, 100));
    if (names.has(option.name)) {
      errors.push({
        path,
        code: "APPLICATION_COMMAND_OPTIONS_NAME_NOT_UNIQUE",
        message: "Application command option names must be unique",
      });
    }
    names.add(option.name);
    if (option.required && sawOptional) {
      errors.push({
        path: at,
        code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        message: "Required options must be placed before non-required options",
      });
    }
    sawOptional ||= !option.required;
    if ((option.choices?.length ?? 0) > 25) errors.push(badLength(`${at}.choices`, 0, 25));
    if (option.type === subcommand || option.type === subcommandGroup)
      errors.push(...checkOptions(option.options, `${at}.options`));
  }
  return errors;
}

function checkName(name: unknown, path: string): FieldError[] {
  const errors = checkText(name, path, 32);
  if (errors.length > 0 || typeof name !== "string") return errors;
  if (namePattern.test(name) && name === name.toLowerCase()) return [];
  return [{ path, code: "APPLICATION_COMMAND_INVALID_NAME", message: "Command name is invalid" }];
}

function checkText(text: unknown, path: string, max: number): FieldError[] {
  if (typeof text !== "string") return [required(path)];
  return text.length >= 1 && text.length <= max ? [] : [badLength(path, 1, max)];
}
