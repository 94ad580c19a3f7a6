// Preloaded into a process: `https://….workers.dev` is then answered by the simulated Cloudflare's edge.

const edge = process.env["TEST_EDGE_URL"];
const send = globalThis.fetch;

/** Returns an address on workers.dev as one at the edge; any other as it is. */
function atEdge(address: string): string {
  const { hostname, pathname, search } = new URL(address);
  return hostname.endsWith(".workers.dev") ? `${edge}${pathname}${search}` : address;
}

globalThis.fetch = (input, init) =>
  send(input instanceof Request ? new Request(atEdge(input.url), input) : atEdge(String(input)), init);
