import { verifyKey } from "discord-interactions";
import { describe, expect, it } from "vitest";
import { isSigned, readSignature } from "../../../../src/discord/receive/verify.ts";
import { bytesOf, createSigner } from "../../../support/signer.ts";

const now = Date.parse("2026-06-01T12:00:00Z");
const headers = (more: Record<string, string> = {}) =>
  new Headers({ "X-Signature-Ed25519": "ab".repeat(64), "X-Signature-Timestamp": String(now / 1_000), ...more });
const reasonOf = (given: Headers, at = now) => {
  const read = readSignature(given, at);
  return "reason" in read ? read.reason : undefined;
};

describe("a timestamp", () => {
  it.each([
    [300_000, undefined],
    [-300_000, undefined],
    [300_001, "timestamp too far off"],
    [-300_001, "timestamp too far off"],
  ])("that is %i ms old is judged so: %s", (ageMs, reason) => {
    expect(reasonOf(headers(), now + ageMs)).toBe(reason);
  });

  it.each(["", "1.5", "-1", "1e9", "0x10", "1".repeat(13), " 1 2"])("is refused where it reads %j", (timestamp) => {
    expect(reasonOf(headers({ "X-Signature-Timestamp": timestamp }))).toMatch(/^m(issing|alformed)/);
  });
});

it.each([
  ["ab".repeat(64), undefined],
  ["AB".repeat(64), undefined],
  ["ab".repeat(63), "malformed signature"],
  ["ab".repeat(65), "malformed signature"],
  [`${"ab".repeat(63)}zz`, "malformed signature"],
  [`${"ab".repeat(63)}a\u00df`, "malformed signature"],
])("judges the signature %s so: %s", (signature, reason) => {
  expect(
    reasonOf({ get: (name: string) => (name.endsWith("Ed25519") ? signature : String(now / 1_000)) } as Headers),
  ).toBe(reason);
});

it("accepts a body by one of several keys, over its timestamp and every byte, and imports each key once", async () => {
  const [one, other, third] = await Promise.all([createSigner(), createSigner(), createSigner()]);
  const timestamp = String(now / 1_000);
  const body = bytesOf('{"type":1}');
  const signature = Uint8Array.fromHex(await other.sign(timestamp, body));
  const keys = new Map();
  const check = (bytes: Uint8Array, at: string, ...publicKeys: string[]) =>
    isSigned(bytes, { signature, timestamp: at }, publicKeys, keys);
  expect(await check(body, timestamp, one.publicKey, other.publicKey)).toBe(true);
  expect(await check(body, timestamp, one.publicKey, third.publicKey)).toBe(false);
  expect(await check(body, timestamp)).toBe(false);
  expect(await check(body, String(now / 1_000 + 1), other.publicKey)).toBe(false);
  for (let index = 0; index < body.length; index++) {
    const changed = body.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(await check(changed, timestamp, other.publicKey)).toBe(false);
  }
  expect([...keys.keys()]).toEqual([one.publicKey, other.publicKey, third.publicKey]);
});

it("judges as Discord's own package does, at every length of a body and wherever a bit is changed", async () => {
  const { publicKey, sign } = await createSigner();
  for (const length of [0, 1, 2, 31, 32, 33, 127, 128, 900, 70_000]) {
    const body = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
    const timestamp = String(now / 1_000 + length);
    const good = await sign(timestamp, body);
    const changed = `${good.slice(0, length % 128)}${good[length % 128] === "0" ? "1" : "0"}${good.slice((length % 128) + 1)}`;
    for (const [signature, expected] of [
      [good, true],
      [changed, false],
    ] as const) {
      const ours = await isSigned(
        body,
        { signature: Uint8Array.fromHex(signature), timestamp },
        [publicKey],
        new Map(),
      );
      expect(ours).toBe(await verifyKey(body, signature, timestamp, publicKey));
      expect(ours).toBe(expected);
    }
  }
});
