import { request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundlePage } from "../../../../local/playground/server/bundle.ts";
import { ada, general, robin, says, startPlayground } from "./support.ts";

const get = (path: string, headers: Record<string, string> = {}) => {
  const { simulator } = startPlayground(says("hello"));
  return simulator.app.request(`http://127.0.0.1:8788${path}`, { headers });
};

describe("the page", () => {
  it.each(["/", `/channels/1100000000000000100/${general}?as=${ada}`, "/channels/@me", "/channels/<script>/x"])(
    "is served at %s, the same for every address, and may load nothing from elsewhere",
    async (path) => {
      const response = await get(path);
      expect([response.status, await response.text()]).toEqual([200, await (await get("/")).text()]);
      expect(response.headers.get("Content-Security-Policy")).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; .*frame-ancestors 'none'$/,
      );
      expect(response.headers.get("Content-Security-Policy")).not.toContain("unsafe");
    },
  );

  it("is bundled with an ETag, which saves the second load", async () => {
    const first = await get("/assets/main.js");
    const tag = first.headers.get("ETag") ?? "";
    expect([first.status, first.headers.get("Content-Type")]).toEqual([200, "text/javascript; charset=utf-8"]);
    const second = await get("/assets/main.js", { "If-None-Match": tag });
    expect([second.status, await second.text()]).toEqual([304, ""]);
    expect((await get("/assets/nope.js")).status).toBe(404);
    expect((await get("/assets/..%2fpackage.json")).status).toBe(404);
    expect((await bundlePage()).get("main.js")?.etag).toBe(tag);
  });
});

describe("a picture", () => {
  it.each([
    `/cdn/avatars/${robin}/0.png`,
    "/cdn/icons/1100000000000000100/a_0123456789abcdef0123456789abcdef.webp",
    "/cdn/emojis/1100000000000000500.webp",
    "/cdn/embed/avatars/3.png",
  ])("is drawn at %s", async (path) => {
    const response = await get(path);
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "image/svg+xml"]);
    expect(await response.text()).toMatch(/^<svg /);
  });

  it.each(["/cdn/avatars/x/0.png", "/cdn/avatars/1/..%2f..%2fx", "/cdn/emojis/<svg>.png", "/cdn/secret/1/0.png"])(
    "is not drawn at %s",
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it("shows a hostile name as text", async () => {
    const { simulator } = startPlayground(says("hello"));
    const user = simulator.world.users.get(robin);
    if (user) simulator.world.users.set(robin, { ...user, global_name: '<script> "&' });
    const text = await (await simulator.app.request(`/cdn/avatars/${robin}/0.png`)).text();
    expect(text).toContain("&#60;&#34;</text>");
  });
});

it("an uploaded page is a download, and can do nothing", async () => {
  const { simulator } = startPlayground(says("hello"), [
    { name: "up", description: "Up", options: [{ type: 11, name: "file", description: "A file", required: true }] },
  ]);
  const file = { name: "x.html", type: "text/html", data: "<script>alert(1)</script>" };
  const payload = await simulator.people.command("/up", {}, { file });
  const { data } = payload as { data: { resolved: { attachments: Record<string, { url: string }> } } };
  const [{ url } = { url: "" }] = Object.values(data.resolved.attachments);
  const { headers } = await simulator.app.request(new URL(url).pathname);
  expect(headers.get("Content-Disposition")).toBe("attachment");
  expect(headers.get("Content-Security-Policy")).toContain("sandbox");
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
});

describe("over HTTP", () => {
  async function serve() {
    const { simulator, commandId } = startPlayground(says("hello"));
    const served = await simulator.serve({ host: "127.0.0.1", port: 0 });
    onTestFinished(() => served.close());
    const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(served.url + path, { method, headers }, (response) => {
          response.destroy();
          resolve(response.statusCode);
        });
        sent.on("error", reject);
        sent.end(body);
      });
    const body = JSON.stringify({ do: "command", commandId: commandId(), options: [] });
    return { url: served.url, simulator, ask, body };
  }
  const json = { "Content-Type": "application/json" };
  const path = `/playground/api/act?person=${ada}&channel=${general}`;

  it("only the server's own name and its own page reach it", async () => {
    const { url, simulator, ask, body } = await serve();
    const evil = { Origin: "https://evil.example" };
    const multipart = { "Content-Type": "multipart/form-data; boundary=x" };
    const form = `--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n${body}\r\n--x--\r\n`;
    expect(await ask("POST", path, { ...json, ...evil }, body)).toBe(403);
    expect(await ask("POST", path, { "Content-Type": "text/plain" }, body)).toBe(415);
    expect(await ask("POST", path, multipart, form)).toBe(403);
    expect(await ask("POST", path, { ...multipart, ...evil }, form)).toBe(403);
    expect(await ask("POST", path, { ...json, "Sec-Fetch-Site": "cross-site" }, body)).toBe(403);
    const rebound = { Host: `evil.example:${new URL(url).port}` };
    for (const at of ["/", "/assets/main.js", `/playground/api/stream?person=${ada}`, "/playground/api/session"]) {
      expect(await ask("GET", at, rebound)).toBe(403);
      expect(await ask("GET", at, evil)).toBe(403);
    }
    for (const at of ["controls", "session", "exchanges/1/again"]) {
      expect(await ask("POST", `/playground/api/${at}`, { ...json, ...evil }, "{}")).toBe(403);
      expect(await ask("POST", `/playground/api/${at}`, { "Content-Type": "text/plain" }, "{}")).toBe(415);
    }
    expect(simulator.visibleMessages()).toEqual([]);
    expect(await ask("POST", path, { ...multipart, Origin: url, "Sec-Fetch-Site": "same-origin" }, form)).toBe(200);
    expect(await ask("POST", path, { ...json, Origin: url }, body)).toBe(200);
    const other = { Host: `localhost:${new URL(url).port}`, Origin: `http://localhost:${new URL(url).port}` };
    expect(await ask("POST", path, { ...multipart, ...other }, form)).toBe(200);
  });
});
