const encoder = new TextEncoder();
const hex = (bytes: ArrayBuffer): string => new Uint8Array(bytes).toHex();

/** A key pair, and signed requests of a command: as many as asked for. /ping is used in a server, /help in a private chat. */
export async function createSignedRequests(command: "ping" | "help" = "ping") {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const body = JSON.stringify({
    id: "1200000000000000001",
    application_id: "1100000000000000001",
    type: 2,
    token: "aW50ZXJhY3Rpb246".repeat(10),
    version: 1,
    locale: "en-US",
    channel_id: "1100000000000000111",
    ...(command === "ping" ? inServer : inPrivate),
    app_permissions: "2248473465835073",
    entitlements: [],
    attachment_size_limit: 10_485_760,
    data: { id: "1200000000000000002", name: command, type: 1 },
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

// --- Internal helpers ---

const user = { id: "1100000000000000011", username: "ada", discriminator: "0", avatar: null, global_name: "Ada" };

const inServer = {
  guild_locale: "en-US",
  channel: { id: "1100000000000000111", type: 0, name: "general", permissions: "2248473465835073" },
  guild_id: "1100000000000000100",
  guild: { id: "1100000000000000100", locale: "en-US", features: [] },
  member: { user, roles: [], joined_at: "2026-01-01T00:00:00Z", permissions: "2248473465835073" },
  authorizing_integration_owners: { "0": "1100000000000000100" },
  context: 0,
};

const inPrivate = {
  channel: { id: "1100000000000000111", type: 1 },
  user,
  authorizing_integration_owners: { "0": "0" },
  context: 1,
};
