import { generateKeyPairSync, verify } from "node:crypto";
import { expect, it } from "vitest";
import { createPrivatePem, createSigningKeys, readSigningKeys } from "../../../../local/discord/index.ts";
import { signedHeaders } from "../../../../local/discord/keys.ts";
import { createSnowflakes, isSnowflake, snowflakeTime } from "../../../../local/discord/snowflake.ts";

it("signs the whole second and the body, with a key that can be written down", () => {
  const pem = createPrivatePem();
  const keys = readSigningKeys(pem);
  expect(readSigningKeys(pem).publicKey).toBe(keys.publicKey);
  expect(createSigningKeys().publicKey).not.toBe(createSigningKeys().publicKey);
  const body = Buffer.from("{}");
  const headers = signedHeaders(keys, 1_999, body);
  expect(headers).toMatchObject({ "Content-Type": "application/json", "X-Signature-Timestamp": "1" });
  const key = {
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(keys.publicKey, "hex").toString("base64url") },
    format: "jwk",
  } as const;
  const signature = Buffer.from(headers["X-Signature-Ed25519"] ?? "", "hex");
  expect(verify(null, Buffer.from("1{}"), key, signature)).toBe(true);
});

it("reads no key of another kind", () => {
  const { privateKey } = generateKeyPairSync("x25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(() => readSigningKeys(pem)).toThrow("The key is not an Ed25519 key.");
});

it("makes IDs that grow, also within a millisecond and when the clock goes back, and hold their time", () => {
  let now = Date.parse("2026-06-01T12:00:00Z");
  const createId = createSnowflakes(() => now);
  const first = createId();
  expect(first).toBe(String(BigInt(now - 1_420_070_400_000) << 22n));
  expect(createId()).toBe(String(BigInt(first) + 1n));
  now -= 5;
  expect(createId()).toBe(String(BigInt(first) + 2n));
  now += 6;
  expect(snowflakeTime(createId())).toBe(now);
});

it.each([
  ["1".repeat(16), false],
  ["1".repeat(17), true],
  ["1".repeat(20), true],
  ["1".repeat(21), false],
  [`x${"1".repeat(17)}`, false],
])("takes %s for an ID: %s", (text, expected) => {
  expect(isSnowflake(text)).toBe(expected);
});
