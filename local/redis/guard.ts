import type { IncomingMessage } from "node:http";

/** Why a request is refused, in a sentence for the person who sent it. */
export interface Refusal {
  status: 403 | 415;
  reason: string;
}

export interface GuardOptions {
  /** Whether a link on another site may lead to a path. Default: no path. */
  isPage?: (path: string) => boolean;
  /** Whether a body that is sent to a path must be JSON. Default: every path. */
  isJson?: (path: string) => boolean;
}

/**
 * Returns a function that refuses what a web page in the developer's browser sends to a server of this machine. Any page
 * can send requests to 127.0.0.1, and read the answers once its own name leads there (DNS rebinding). So the server
 * answers to its own name alone, to no page of another origin, and changes nothing for a body that a page may send
 * without asking first. Programs send neither `Origin` nor `Sec-Fetch-Site`, and pass.
 */
export function createGuard({ isPage = () => false, isJson = () => true }: GuardOptions = {}) {
  return function guard({ method = "GET", url = "/", headers, socket }: IncomingMessage): Refusal | undefined {
    const [path = "/"] = url.split("?", 1);
    const hosts = hostsOf(socket);
    const { host = "", origin } = headers;
    if (hosts && !hosts.includes(host.toLowerCase())) {
      return refuse(403, `This server answers to ${hosts.slice(0, 3).join(", ")}, not to "${host}".`);
    }
    const own = hosts ?? [host.toLowerCase()];
    const site = headers["sec-fetch-site"] ?? "none";
    // A page that sends no referrer posts its forms with `Origin: null`; the browser still says whose page it is.
    const isUnnamed = origin === "null" && site === "same-origin";
    if (origin !== undefined && !isUnnamed && !own.some((name) => `http://${name}` === origin.toLowerCase())) {
      return refuse(403, `A page of ${origin} may not use this server.`);
    }
    const isLink = method === "GET" && headers["sec-fetch-dest"] === "document" && isPage(path);
    if (site !== "same-origin" && site !== "none" && !isLink) {
      return refuse(403, "A page of another site may not use this server.");
    }
    if (hasBody(headers) && !/^(GET|HEAD|OPTIONS)$/.test(method) && isJson(path) && !isJsonType(headers)) {
      return refuse(415, "The body must be JSON, and say so: Content-Type: application/json.");
    }
    return undefined;
  };
}

// --- Internal helpers ---

const refuse = (status: Refusal["status"], reason: string): Refusal => ({ status, reason });

/**
 * Returns the values of `Host` that name a server on a loopback address. `undefined` for a server that was given an
 * address for other machines: how those call it is not known here.
 */
function hostsOf({ localAddress = "", localPort: port }: IncomingMessage["socket"]): string[] | undefined {
  const local = localAddress.replace(/^::ffff:/, "");
  if (!local.startsWith("127.") && local !== "::1") return undefined;
  const own = local === "::1" ? "[::1]" : local;
  const names = [...new Set(["127.0.0.1", "localhost", "[::1]", own])];
  const hosts = names.map((name) => `${name}:${port}`);
  return port === 80 ? [...hosts, ...names] : hosts;
}

const hasBody = (headers: IncomingMessage["headers"]): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;

const isJsonType = ({ "content-type": type = "" }: IncomingMessage["headers"]): boolean =>
  /^application\/json\s*(;|$)/i.test(type);
