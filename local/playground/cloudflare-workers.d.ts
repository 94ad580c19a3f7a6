/** The part of the Workers runtime that the Worker names: its types are not among Node's. */
declare module "cloudflare:workers" {
  export const tracing: object | undefined;
}
