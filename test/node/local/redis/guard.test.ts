import { createServer, request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGuard, type GuardOptions } from "../../../../local/redis/index.ts";

/** Starts a server behind the guard, and returns a function that sends a request with any headers to it. */
async function start(options?: GuardOptions, address = "127.0.0.1") {
  const guard = createGuard(options);
  const server = createServer((incoming, response) => {
    const refusal = guard(incoming);
    response.writeHead(refusal?.status ?? 200).end(refusal?.reason ?? "served");
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as { port: number };
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      // The placeholder PORT stands for the server's port.
      const own = Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(port))]);
      const sent = request({ host: address, port, method, path, headers: Object.fromEntries(own) }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return { port, ask };
}

const json = { "Content-Type": "application/json" };

it.each<[string, string, Record<string, string>, string?]>([
  ["curl", "GET", {}],
  ["a program that posts JSON", "POST", { "Content-Type": "application/json; charset=utf-8" }, "{}"],
  ["a program that posts nothing", "POST", {}],
  ["the name localhost", "GET", { Host: "localhost:PORT" }],
  ["a name in capitals", "GET", { Host: "LOCALHOST:PORT" }],
  ["the IPv6 address", "GET", { Host: "[::1]:PORT" }],
  ["its own page", "POST", { Origin: "http://127.0.0.1:PORT", "Sec-Fetch-Site": "same-origin", ...json }, "{}"],
  [
    "its own page by the other name",
    "POST",
    { Host: "localhost:PORT", Origin: "http://localhost:PORT", ...json },
    "{}",
  ],
  ["a form of its own page that sends no referrer", "POST", { Origin: "null", "Sec-Fetch-Site": "same-origin" }],
  ["an address that a person enters", "GET", { "Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document" }],
  ["fetch of Node", "POST", { "Sec-Fetch-Mode": "cors", ...json }, "{}"],
])("serves %s", async (_who, method, headers, body) => {
  const { ask } = await start();
  expect(await ask(method, "/", headers, body)).toEqual({ status: 200, text: "served" });
});

it.each<[string, Record<string, string>]>([
  ["a rebound name", { Host: "evil.example:PORT" }],
  ["a rebound name without a port", { Host: "evil.example" }],
  ["a name that begins like its own", { Host: "localhost.evil.example:PORT" }],
  ["its own name with another port", { Host: "127.0.0.1:1" }],
  ["its own name without its port", { Host: "localhost" }],
  ["a foreign origin", { Origin: "https://evil.example" }],
  ["an origin without a name", { Origin: "null" }],
  ["a page in a sandbox", { Origin: "null", "Sec-Fetch-Site": "cross-site" }],
  ["an origin of this machine with another port", { Origin: "http://localhost:3000" }],
  ["an origin that begins like its own", { Origin: "http://127.0.0.1:PORT.evil.example" }],
  ["its own origin over another protocol", { Origin: "https://127.0.0.1:PORT" }],
  ["an image on a foreign page", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image" }],
  ["an image on another page of this machine", { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "image" }],
  ["a link on a foreign page", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document" }],
])("refuses %s with a sentence", async (_who, headers) => {
  const { ask } = await start();
  for (const method of ["GET", "POST", "OPTIONS"]) {
    const { status, text } = await ask(method, "/", headers);
    expect([status, text]).toEqual([403, expect.stringMatching(/^(A page of .* may not use|This server answers to )/)]);
  }
});

it("names the addresses that it answers to", async () => {
  const { ask, port } = await start();
  expect((await ask("GET", "/", { Host: "evil.example" })).text).toBe(
    `This server answers to 127.0.0.1:${port}, localhost:${port}, [::1]:${port}, not to "evil.example".`,
  );
});

describe("a body that a page may send without asking", () => {
  it.each(["text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "", "application/jsonp"])(
    "refuses a body of type %j",
    async (type) => {
      const { ask } = await start({ isJson: (path) => path !== "/any" });
      const headers = type === "" ? {} : { "Content-Type": type };
      expect(await ask("POST", "/", headers, "{}")).toEqual({
        status: 415,
        text: "The body must be JSON, and say so: Content-Type: application/json.",
      });
      expect(await ask("PUT", "/", { ...headers, "Transfer-Encoding": "chunked" }, "{}")).toMatchObject({
        status: 415,
      });
      expect(await ask("POST", "/any", headers, "{}")).toMatchObject({ status: 200 });
    },
  );
});

it("takes a body of one byte for a body, and a POST without a length for one without", async () => {
  const { ask } = await start();
  expect(await ask("POST", "/", { "Content-Type": "text/plain" }, "1")).toMatchObject({ status: 415 });
  expect(await ask("GET", "/", { "Content-Type": "text/plain", "Content-Length": "1" }, "1")).toMatchObject({
    status: 200,
  });
  expect(refusalAt("127.0.0.1", 1_234, "localhost:1234", { method: "POST" })).toBeUndefined();
});

/** Returns the refusal of a request to an address of the server that a test cannot listen on. */
const refusalAt = (localAddress: string | undefined, localPort: number, host: string, more: object = {}) => {
  const { method = "GET", ...headers } = more as Record<string, string>;
  const socket = { localAddress, localPort };
  return createGuard()({ method, url: "/", headers: { host, ...headers }, socket } as never)?.reason;
};

it.each<[string, number, string, boolean]>([
  ["127.0.0.2", 8_079, "127.0.0.2:8079", true],
  ["127.0.0.2", 8_079, "localhost:8079", true],
  ["127.0.0.2", 8_079, "127.0.0.3:8079", false],
  ["::1", 8_079, "[::1]:8079", true],
  ["::1", 8_079, "evil.example", false],
  ["::ffff:127.0.0.1", 8_079, "127.0.0.1:8079", true],
  ["::ffff:127.0.0.1", 8_079, "evil.example", false],
  ["127.0.0.1", 80, "localhost", true],
  ["127.0.0.1", 80, "[::1]", true],
  ["127.0.0.1", 80, "127.0.0.1:80", true],
  ["127.0.0.1", 79, "localhost", false],
  ["127.0.0.1", 81, "localhost", false],
])("at %s, port %d, it takes the name %s: %s", (address, port, host, isTaken) => {
  expect(refusalAt(address, port, host)).toEqual(
    isTaken ? undefined : expect.stringMatching(/^This server answers to ([^,]+, ){2}[^,]+, not to /),
  );
});

it.each([undefined, "192.168.1.5", "10.127.0.1"])(
  "for other machines, at %s, it takes any name, and pages of that name alone",
  (address) => {
    const refusal = (origin: object) => refusalAt(address, 8_079, "Bot.Lan:8079", origin);
    expect(refusal({})).toBeUndefined();
    expect(refusal({ origin: "http://bot.lan:8079" })).toBeUndefined();
    expect(refusal({ origin: "http://evil.example" })).toBe("A page of http://evil.example may not use this server.");
  },
);

it("lets a link lead to its pages, but neither a frame nor a form", async () => {
  const { ask } = await start({ isPage: (path) => path === "/page" });
  const from = (dest: string) => ({
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": dest,
  });
  expect(await ask("GET", "/page?a=1", from("document"))).toMatchObject({ status: 200 });
  expect(await ask("GET", "/other", from("document"))).toMatchObject({ status: 403 });
  expect(await ask("GET", "/page", from("iframe"))).toMatchObject({ status: 403 });
  expect(await ask("POST", "/page", from("document"))).toMatchObject({ status: 403 });
});
