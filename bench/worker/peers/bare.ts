import { verifyKey } from "discord-interactions";
import type { BenchEnv } from "../env.ts";

/** The floor: a worker that checks the signature with a key imported once and gives a constant answer. Nothing else. */
let publicKey: CryptoKey | undefined;

export default {
  async fetch(request, env) {
    publicKey ??= await crypto.subtle.importKey("raw", Uint8Array.fromHex(env.DISCORD_PUBLIC_KEY), "Ed25519", false, [
      "verify",
    ]);
    const signature = request.headers.get("X-Signature-Ed25519") ?? "";
    const timestamp = request.headers.get("X-Signature-Timestamp") ?? "";
    const body = await request.arrayBuffer();
    if (!(await verifyKey(body, signature, timestamp, publicKey)))
      return new Response("bad signature", { status: 401 });
    const interaction: { type: number } = JSON.parse(new TextDecoder().decode(body));
    if (interaction.type === 1) return Response.json({ type: 1 });
    return Response.json({ type: 4, data: { content: "Pong!" } });
  },
} satisfies ExportedHandler<BenchEnv>;
