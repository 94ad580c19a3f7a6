import { request } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { says, startBot } from "./support.ts";

/** Starts a served simulator, and returns a function that sends a request with any headers to it. */
async function start() {
  const { simulator } = await startBot(says("hello"));
  const served = await simulator.serve({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => served.close());
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = request(served.url + path, { method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return { simulator, url: served.url, ask };
}

const json = { "Content-Type": "application/json" };
const ping = JSON.stringify({ line: "/ping" });

it("signs nothing for a web page, and lets none read it", async () => {
  const { simulator, ask, url } = await start();
  const plain = { "Content-Type": "text/plain" };
  const evil = { Origin: "https://evil.example" };
  expect(await ask("POST", "/simulator/interactions", plain, ping)).toMatchObject({ status: 415 });
  expect(await ask("POST", "/simulator/interactions", { ...plain, ...evil }, ping)).toMatchObject({
    status: 403,
    text: '{"error":"A page of https://evil.example may not use this server."}',
  });
  expect(await ask("POST", "/simulator/interactions", { ...json, ...evil }, ping)).toMatchObject({ status: 403 });
  expect(await ask("OPTIONS", "/simulator/interactions", evil)).toMatchObject({ status: 403 });
  const rebound = { Host: `evil.example:${new URL(url).port}` };
  expect(await ask("POST", "/simulator/interactions", { ...json, ...rebound }, ping)).toMatchObject({ status: 403 });
  expect(await ask("GET", "/simulator", rebound)).toMatchObject({ status: 403 });
  expect(await ask("GET", "/api/v10/gateway", rebound)).toMatchObject({ status: 403 });
  expect(await ask("PUT", "/simulator/faults", plain, '{"status":500,"times":1}')).toMatchObject({ status: 415 });
  expect(simulator.visibleMessages()).toEqual([]);
});

it("serves programs, and a page of its own origin", async () => {
  const { simulator, ask, url } = await start();
  expect(await ask("POST", "/simulator/interactions", json, ping)).toMatchObject({ status: 200 });
  const own = { ...json, Origin: url, "Sec-Fetch-Site": "same-origin" };
  expect(await ask("POST", "/simulator/interactions", own, ping)).toMatchObject({ status: 200 });
  expect(await ask("GET", "/simulator")).toMatchObject({ status: 200 });
  expect(simulator.visibleMessages()).toHaveLength(2);
});

it("leaves the content types of Discord's API to Discord's rules", async () => {
  const { simulator, ask } = await start();
  const headers = { Authorization: `Bot ${simulator.botToken}`, "Content-Type": "text/plain" };
  const path = `/api/v10/applications/${simulator.applicationId}/commands`;
  const { status, text } = await ask("POST", path, headers, '{"name":"a","description":"b"}');
  expect([status, JSON.parse(text).errors._errors?.[0]?.code ?? text]).toEqual([400, "CONTENT_TYPE_INVALID"]);
});
