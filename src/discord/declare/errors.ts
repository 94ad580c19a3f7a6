/**
 * A declaration that cannot work. Thrown by `createRouter` where two handlers would answer the same, or a store is missing;
 * thrown by `checkHandlers` where Discord would refuse the command or form.
 */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
}
