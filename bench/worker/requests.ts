const encoder = new TextEncoder();
const hex = (bytes: ArrayBuffer): string => new Uint8Array(bytes).toHex();

/** A key pair, and signed requests of /ping: as many as asked for. */
export async function createSignedPings() {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const body = JSON.stringify({
    id: "1200000000000000001",
    application_id: "1100000000000000001",
    type: 2,
    token: "aW50ZXJhY3Rpb246".repeat(10),
    version: 1,
    locale: "en-US",
    guild_locale: "en-US",
    channel_id: "1100000000000000111",
    channel: { id: "1100000000000000111", type: 0, name: "general", permissions: "2248473465835073" },
    guild_id: "1100000000000000100",
    guild: { id: "1100000000000000100", locale: "en-US", features: [] },
    member: {
      user: { id: "1100000000000000011", username: "ada", discriminator: "0", avatar: null, global_name: "Ada" },
      roles: [],
      joined_at: "2026-01-01T00:00:00Z",
      permissions: "2248473465835073",
    },
    app_permissions: "2248473465835073",
    entitlements: [],
    authorizing_integration_owners: { "0": "1100000000000000100" },
    attachment_size_limit: 10_485_760,
    context: 0,
    data: { id: "1200000000000000002", name: "ping", type: 1 },
  });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = hex(await crypto.subtle.sign("Ed25519", pair.privateKey, encoder.encode(timestamp + body)));
  const headers = {
    "Content-Type": "application/json",
    "X-Signature-Ed25519": signature,
    "X-Signature-Timestamp": timestamp,
    // As every request of Discord has; a Request made by hand has none.
    "Content-Length": String(encoder.encode(body).length),
  };
  return {
    publicKey: hex((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer),
    request: () => new Request("https://bot.bench/interactions", { method: "POST", headers, body }),
  };
}
