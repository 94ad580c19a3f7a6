import { expect, it } from "vitest";
import { readSigned } from "../../../../src/discord/receive/signed.ts";
import { createSigner } from "../../../support/signer.ts";

const mebibyte = 1024 * 1024;
const discord = await createSigner();
const stranger = await createSigner();

const read = (request: Request, publicKeys: readonly string[] = [discord.publicKey]) =>
  readSigned(request, { publicKeys, keys: new Map(), missingKey: "no key" });

async function refusalOf(request: Request, publicKeys?: readonly string[]): Promise<unknown> {
  const got = await read(request, publicKeys);
  return got instanceof Response ? [got.status, await got.json()] : "taken";
}

it("returns the bytes that Discord signed, up to 1 MiB of them", async () => {
  expect(new TextDecoder().decode((await read(await discord.request('{"type":1}'))) as Uint8Array)).toBe('{"type":1}');
  expect(await refusalOf(await discord.request(new Uint8Array(mebibyte)))).toBe("taken");
  const tooLarge = await discord.request(new Uint8Array(mebibyte + 1));
  expect(await refusalOf(tooLarge)).toEqual([413, { error: "the body is larger than 1 MiB" }]);
});

it("refuses with 401 a body that another key signed, that was changed, or that carries no signature", async () => {
  const invalid = [401, { error: "invalid signature" }];
  expect(await refusalOf(await stranger.request('{"type":1}'))).toEqual(invalid);
  const signed = await discord.request('{"type":1}');
  const changed = new Request(signed.url, { method: "POST", headers: signed.headers, body: '{"type":2}' });
  expect(await refusalOf(changed)).toEqual(invalid);
  const bare = new Request(signed.url, { method: "POST", body: '{"type":1}' });
  expect(await refusalOf(bare)).toEqual([401, { error: expect.stringContaining("missing") }]);
});

it("answers 503 with the reason where there is no public key, and tells how a check ended", async () => {
  expect(await refusalOf(await discord.request("{}"), [])).toEqual([503, { error: "no key" }]);
  const told: boolean[] = [];
  const options = { publicKeys: [discord.publicKey], keys: new Map(), missingKey: "" };
  const onVerified = (_ms: number, isGood: boolean) => void told.push(isGood);
  await readSigned(await discord.request("{}"), { ...options, onVerified });
  await readSigned(await stranger.request("{}"), { ...options, onVerified });
  expect(told).toEqual([true, false]);
});
