/** A declaration that cannot work: Discord would refuse it, or the router cannot keep it. Thrown when the Worker starts. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
}
