import { verifyKey } from "discord-interactions";
import { Hono } from "hono";
import type { BenchEnv } from "../env.ts";

// Discord's own package behind Hono, as its sample for Workers does it.

const app = new Hono<{ Bindings: BenchEnv }>();

app.post("/interactions", async (c) => {
  const signature = c.req.header("X-Signature-Ed25519") ?? "";
  const timestamp = c.req.header("X-Signature-Timestamp") ?? "";
  const body = await c.req.text();
  if (!(await verifyKey(body, signature, timestamp, c.env.DISCORD_PUBLIC_KEY))) return c.text("bad signature", 401);
  const interaction: { type: number; data: { name: string } } = JSON.parse(body);
  if (interaction.type === 1) return c.json({ type: 1 });
  if (interaction.data.name === "ping") return c.json({ type: 4, data: { content: "Pong!" } });
  return c.json({ error: "unknown command" }, 400);
});

export default app;
