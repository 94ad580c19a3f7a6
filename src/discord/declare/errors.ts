/** A declaration that Discord would refuse or the router cannot tell from another: thrown when the Worker starts. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
}
