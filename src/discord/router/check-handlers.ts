import { checkCommands } from "../declare/check.ts";
import { checkModal } from "../declare/check-modal.ts";
import { commandBody } from "../declare/command-body.ts";
import { commandsOf, type Declared } from "./table.ts";

/**
 * Throws a `DeclarationError` that names what Discord would refuse of the commands and forms. For tests, and before commands are
 * registered: an isolate that starts does not check what was checked before it was deployed.
 *
 * @example
 * it("declares only what Discord accepts", () => checkHandlers(handlers));
 */
export function checkHandlers<Services>(handlers: readonly Declared<Services>[]): void {
  checkCommands(commandsOf(handlers).map(commandBody));
  for (const handler of handlers) if (handler.kind === "modal") checkModal(handler);
}
