import type { Command, Subcommand, SubcommandGroup } from "../declare/command.ts";
import type { Guard } from "../guards/guard.ts";
import { callablesOf, type Declared } from "./table.ts";

/** Returns a handler that asks these guards before its own. Of a command tree, each subcommand asks them. */
export function guarded<Services>(guards: readonly Guard<Services>[], handler: Declared<Services>): Declared<Services> {
  const add = <One extends { guards?: readonly Guard<Services>[] }>(one: One): One => ({
    ...one,
    guards: [...guards, ...(one.guards ?? [])],
  });
  if (guards.length === 0) return handler;
  return handler.kind === "tree" ? { ...handler, subcommands: each(handler.subcommands, branch) } : add(handler);

  function branch(one: Subcommand<Services> | SubcommandGroup<Services>) {
    return one.kind === "subcommand" ? add(one) : { ...one, subcommands: each(one.subcommands, add) };
  }
}

/** Returns whether a command, or one of its subcommands, asks guards. */
export const asksGuards = <Services>(command: Command<Services>): boolean =>
  (command.kind === "tree" ? callablesOf(command).map(([, callable]) => callable) : [command]).some(
    ({ guards = [] }) => guards.length > 0,
  );

// --- Internal helpers ---

const each = <One>(all: Readonly<Record<string, One>>, change: (one: One) => One): Record<string, One> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]));
