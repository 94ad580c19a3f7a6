import { commandType, optionType } from "../constants.ts";
import { permissionBits } from "../permissions.ts";
import type { Callable, Command, Registration, Subcommand, SubcommandGroup } from "./command.ts";
import type { Option } from "./option.ts";

/** A command in the shape in which Discord registers it. */
export interface CommandBody {
  type: number;
  name: string;
  description?: string;
  options?: OptionBody[];
  [field: string]: unknown;
}
export interface OptionBody {
  type: number;
  name: string;
  description: string;
  options?: OptionBody[];
  [field: string]: unknown;
}

/** Returns the body that registers a declared command. Handlers are left out. */
export function commandBody<Services>(command: Command<Services>): CommandBody {
  switch (command.kind) {
    case "slash":
      return { type: commandType.chatInput, ...common(command), ...callable(command) };
    case "tree":
      return {
        type: commandType.chatInput,
        ...common(command),
        ...described(command),
        options: Object.entries(command.subcommands).map(([name, branch]) => branchBody(name, branch)),
      };
    case "user":
      return { type: commandType.user, ...common(command) };
    case "message":
      return { type: commandType.message, ...common(command) };
    case "entry-point":
      return { type: commandType.entryPoint, ...common(command), ...described(command), handler: command.handler };
  }
}

// --- Internal helpers ---

const given = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

function common({
  name,
  name_localizations,
  default_member_permissions: permissions,
  contexts,
  integration_types,
  nsfw,
}: Registration & { name: string }) {
  return given({
    name,
    name_localizations,
    default_member_permissions: permissions && String(permissionBits(...permissions)),
    contexts,
    integration_types,
    nsfw,
  });
}

const described = ({
  description,
  description_localizations,
}: Pick<Callable<never>, "description"> & {
  description_localizations?: unknown;
}) => given({ description, description_localizations });

function callable<Services>({ options, ...command }: Callable<Services>) {
  return { ...described(command), ...(options && { options: options.map(optionBody) }) };
}

function branchBody<Services>(name: string, branch: Subcommand<Services> | SubcommandGroup<Services>): OptionBody {
  const names = given({ name, name_localizations: branch.name_localizations });
  if (branch.kind === "subcommand") return { type: optionType.subcommand, ...names, ...callable(branch) };
  const options = Object.entries(branch.subcommands).map(([inner, leaf]) => branchBody(inner, leaf));
  return { type: optionType.group, ...names, ...described(branch), options };
}

function optionBody<Services>({ type, ...option }: Option<Services>): OptionBody {
  const { autocomplete, ...fields } = option as typeof option & { autocomplete?: unknown };
  return { type: optionType[type], ...fields, ...(autocomplete !== undefined && { autocomplete: true }) };
}
