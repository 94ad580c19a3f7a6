import { describe, expect, it } from "vitest";
import { createHost, withAddress } from "../../../examples/host.ts";

const login = (headers: Record<string, string> = {}) =>
  new Request("https://bot.test/admin/login", { method: "POST", headers, body: "token=x" });
const addressOf = (peer: string | undefined, headers: Record<string, string> = {}) =>
  withAddress(login(headers), peer).headers.get("CF-Connecting-IP");

describe("the address of a login", () => {
  it.each(["203.0.113.7", "2001:db8::7"])("is that of the connection from %s, whatever its sender claims", (peer) => {
    expect(addressOf(peer)).toBe(peer);
    expect(addressOf(peer, { "CF-Connecting-IP": "198.51.100.1", "X-Forwarded-For": "198.51.100.2" })).toBe(peer);
  });

  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "172.18.0.1", "192.168.0.9", "fd00::1"])(
    "is what a proxy at %s says, the last of several",
    (peer) => {
      expect(addressOf(peer, { "X-Forwarded-For": "198.51.100.1, 203.0.113.7" })).toBe("203.0.113.7");
      expect(addressOf(peer, { "CF-Connecting-IP": "203.0.113.8" })).toBe("203.0.113.8");
      expect(addressOf(peer)).toBe(peer.replace("::ffff:", ""));
    },
  );

  it("leaves the request whole, and every other request as it is", async () => {
    const request = withAddress(login({ Cookie: "a=b" }), "203.0.113.7");
    expect([request.method, request.headers.get("Cookie"), await request.text()]).toEqual(["POST", "a=b", "token=x"]);
    const other = new Request("https://bot.test/interactions", { method: "POST", body: "{}" });
    expect(withAddress(other, "203.0.113.7")).toBe(other);
    expect(addressOf(undefined)).toBeNull();
  });

  it("reaches the Worker", async () => {
    const seen: (string | null)[] = [];
    const worker = {
      fetch: async (request: Request) => {
        seen.push(request.headers.get("CF-Connecting-IP"));
        return new Response();
      },
      scheduled: async () => {},
    };
    await createHost({ worker, env: {} }).fetch(login(), "::ffff:203.0.113.7");
    expect(seen).toEqual(["203.0.113.7"]);
  });
});

describe("a variable of a process", () => {
  const worker = { fetch: async () => new Response(), scheduled: async () => {} };

  it.each([
    ["PORT", "abc"],
    ["PORT", "70000"],
    ["PORT", "80.5"],
    ["PORT", "-1"],
    ["TICK_SECONDS", "0"],
    ["TICK_SECONDS", "-5"],
    ["TICK_SECONDS", "1m"],
    ["TICK_SECONDS", "3600000"],
    ["TICK_SECONDS", "Infinity"],
  ])("%s is refused as %j: a timer would take it for no time at all", (name, text) => {
    expect(() => createHost({ worker, env: { [name]: text } })).toThrow(new RegExp(`^${name} must be a number from`));
  });

  it("that is empty is not set", () => {
    expect(createHost({ worker, env: { PORT: "", HOST: "", TICK_SECONDS: " " } })).toMatchObject({
      port: 8787,
      hostname: "127.0.0.1",
    });
  });
});
