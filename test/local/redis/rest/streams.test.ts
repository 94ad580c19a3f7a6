import { expect, it } from "vitest";
import { startServer } from "../support/server.ts";

/** The frames of a stream as they come; comments left out. */
async function listen({ request }: Awaited<ReturnType<typeof startServer>>, path: string) {
  const abort = new AbortController();
  const response = await request(path, { body: "[]", signal: abort.signal, headers: { Accept: "text/event-stream" } });
  expect(response.headers.get("Content-Type")).toBe("text/event-stream");
  const frames: string[] = [];
  const reading = (async () => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      frames.push(...lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)));
    }
  })().catch(() => {});
  return {
    frames,
    async stop() {
      abort.abort();
      await reading;
    },
  };
}

it("frames subscriptions as Upstash does, and ends them with the request", async () => {
  const server = await startServer();
  const { frames, stop } = await listen(server, "/subscribe/news/sport");
  await expect.poll(() => frames).toEqual(["subscribe,news,1", "subscribe,sport,2"]);
  await server.run("PUBLISH", "news", '{"a":1}');
  await expect.poll(() => frames.at(-1)).toBe('message,news,{"a":1}');
  await stop();
  await expect.poll(() => server.run("PUBLISH", "news", "x")).toBe(0);
});

it("frames pattern subscriptions", async () => {
  const server = await startServer();
  const { frames, stop } = await listen(server, "/psubscribe/guild.*");
  await expect.poll(() => frames).toEqual(["psubscribe,guild.*,1"]);
  await server.run("PUBLISH", "guild.1", "hello");
  await expect.poll(() => frames.at(-1)).toBe("pmessage,guild.*,guild.1,hello");
  await stop();
});

it("monitors every command", async () => {
  const server = await startServer();
  const { frames, stop } = await listen(server, "/monitor");
  await expect.poll(() => frames[0]).toBe('"OK"');
  await server.run("SET", "k", "v");
  await expect.poll(() => frames.at(-1)).toMatch(/^\d+\.\d+ \[0 .*\] "SET" "k" "v"$/);
  await stop();
});

it("does not apply base64 to a stream, though the header is there", async () => {
  const server = await startServer();
  const { frames, stop } = await listen(
    {
      ...server,
      request: (path, init) => server.request(path, { ...init, headers: { "Upstash-Encoding": "base64" } }),
    },
    "/subscribe/c",
  );
  await expect.poll(() => frames).toEqual(["subscribe,c,1"]);
  await stop();
});
