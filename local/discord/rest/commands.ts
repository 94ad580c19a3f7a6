import { type APIApplicationCommand, ApplicationCommandType } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Context } from "../context.ts";
import { discordErrors } from "../errors.ts";
import { type Fields, isFields, wrong } from "../validate/checks.ts";
import { commandsOf } from "../world/world.ts";
import { isTrue, readBody, readFields } from "./body.ts";
import { checkDeclaration, type Declaration } from "./command-rules.ts";

/** A request with the parts of its path. */
interface Routed {
  req: { param(): Record<string, string> };
}

/** How many commands a scope may have, by type: chat input, user, message, entry point. */
const limits: Record<number, number> = { 1: 100, 2: 15, 3: 15, 4: 1 };

/**
 * Replaces the commands of a scope (`global` or a guild's ID) and returns them. A command keeps its ID by type and
 * name. Throws the error with which Discord refuses them.
 */
export function overwriteCommands(
  context: Context,
  scope: string,
  declarations: readonly unknown[],
): APIApplicationCommand[] {
  const isGuild = scope !== "global";
  const errors = declarations.flatMap((declaration, index) => checkDeclaration(declaration, String(index), isGuild));
  if (errors.length > 0) throw discordErrors.invalidForm(...errors);
  const before = commandsOf(context.world, scope);
  const checked = declarations as readonly Declaration[];
  const names = checked.map(({ type = 1, name }) => `${String(type)} ${String(name)}`);
  const twice = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
  if (twice.length > 0) {
    throw discordErrors.invalidForm(
      ...twice.map((index) =>
        wrong(String(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"),
      ),
    );
  }
  for (const [type, limit] of Object.entries(limits)) {
    if (checked.filter((one) => Number(one["type"] ?? 1) === Number(type)).length > limit)
      throw discordErrors.tooManyCommands(limit);
  }
  const launch = [...before.values()].find(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint);
  if (launch && !checked.some(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint))
    throw discordErrors.entryPoint();
  const after = checked.map((declaration) => register(context, scope, declaration, find(before, declaration)?.id));
  context.world.commands.set(scope, new Map(after.map((command) => [command.id, command])));
  context.emit({ type: "world" });
  return after;
}

/** Returns the routes for application commands, global and of a guild. */
export function commandRoutes(context: Context): Hono {
  const app = new Hono();
  const { world, applicationId } = context;

  const scopeOf = (application: string, guild?: string): string => {
    if (application !== applicationId) throw discordErrors.missingAccess();
    if (guild !== undefined && !world.guilds.has(guild)) throw discordErrors.unknownGuild();
    return guild ?? "global";
  };

  for (const base of [
    "/applications/:application/commands",
    "/applications/:application/guilds/:guild/commands",
  ] as const) {
    const scope = (c: Routed) => {
      const { application = "", guild } = c.req.param();
      return scopeOf(application, guild);
    };
    const commandOf = (c: Routed): APIApplicationCommand => {
      const { command: id = "" } = c.req.param();
      const command = commandsOf(world, scope(c)).get(id);
      if (!command) throw discordErrors.unknownCommand();
      return command;
    };
    app.get(base, (c) => {
      const all = [...commandsOf(world, scope(c)).values()];
      const locale = c.req.header("X-Discord-Locale") ?? c.req.header("Accept-Language")?.split(/[,;]/)[0];
      return c.json(isTrue(c.req.query("with_localizations")) ? all : all.map((command) => inLocale(command, locale)));
    });
    app.put(base, async (c) => {
      const { body } = await readBody<Declaration[]>(c);
      if (!Array.isArray(body))
        throw discordErrors.invalidForm({
          path: "",
          code: "LIST_TYPE_CONVERT",
          message: "Only iterables may be used in a ListType",
        });
      return c.json(overwriteCommands(context, scope(c), body));
    });
    app.post(base, async (c) => {
      const { body } = await readBody<Declaration>(c);
      const errors = checkDeclaration(body, "", scope(c) !== "global");
      if (errors.length > 0) throw discordErrors.invalidForm(...errors);
      const all = commandsOf(world, scope(c));
      const known = find(all, body);
      const sameType = [...all.values()].filter(({ type }) => type === (body.type ?? 1)).length;
      const limit = limits[Number(body["type"] ?? 1)] ?? 0;
      if (!known && sameType >= limit) throw discordErrors.tooManyCommands(limit);
      const command = register(context, scope(c), body, known?.id);
      all.set(command.id, command);
      context.emit({ type: "world" });
      return c.json(command, known ? 200 : 201);
    });
    app.get(`${base}/:command`, (c) => c.json(commandOf(c)));
    app.patch(`${base}/:command`, async (c) => {
      const before = commandOf(c);
      const changed = { ...before, ...(await readFields(c)), type: before.type };
      const errors = checkDeclaration(changed, "", scope(c) !== "global");
      if (errors.length > 0) throw discordErrors.invalidForm(...errors);
      const namesake = find(commandsOf(world, scope(c)), changed);
      if (namesake && namesake.id !== before.id) throw discordErrors.nameTaken();
      const command = register(context, scope(c), changed, before.id);
      commandsOf(world, scope(c)).set(command.id, command);
      context.emit({ type: "world" });
      return c.json(command);
    });
    app.delete(`${base}/:command`, (c) => {
      const command = commandOf(c);
      commandsOf(world, scope(c)).delete(command.id);
      context.emit({ type: "world" });
      return c.body(null, 204);
    });
  }
  return app;
}

// --- Internal helpers ---

const find = (commands: ReadonlyMap<string, APIApplicationCommand>, { type = 1, name }: Declaration) =>
  [...commands.values()].find((command) => command.type === type && command.name === name);

/** Returns a command as Discord stores it: with defaults, and a new version at every change. */
function register(
  context: Context,
  scope: string,
  declaration: Declaration,
  knownId: string | undefined,
): APIApplicationCommand {
  return {
    description: "",
    default_member_permissions: null,
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    type: 1,
    ...(scope === "global" && { integration_types: [0], contexts: null }),
    ...stored(declaration),
    id: knownId ?? context.createId(),
    application_id: context.applicationId,
    version: context.createId(),
    ...(scope !== "global" && { guild_id: scope }),
  } as unknown as APIApplicationCommand;
}

/** Returns a declaration with the extensions of files in lower case, as Discord keeps them. */
function stored(declaration: Fields): Fields {
  const { options, file_types: types } = declaration;
  return {
    ...declaration,
    ...(Array.isArray(options) && { options: options.filter(isFields).map(stored) }),
    ...(Array.isArray(types) && { file_types: types.map((type) => String(type).toLowerCase()) }),
  };
}

/** Returns a command as lists show it: in one language, without the translations. */
function inLocale(value: object, locale = ""): object {
  const { name_localizations: names, description_localizations: descriptions, ...rest } = value as Fields;
  const localized = { name_localized: names, description_localized: descriptions };
  const found = Object.entries(localized).map(([key, map]) => [key, isFields(map) ? map[locale] : undefined] as const);
  const inner = (["options", "choices"] as const).filter((key) => rest[key] !== undefined);
  return {
    ...rest,
    ...Object.fromEntries(inner.map((key) => [key, (rest[key] as Fields[]).map((one) => inLocale(one, locale))])),
    ...Object.fromEntries(found.filter(([, text]) => typeof text === "string")),
  };
}
