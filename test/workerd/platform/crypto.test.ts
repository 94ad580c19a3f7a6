import { expect, it } from "vitest";
import { isSameSecret, sha256, toHex } from "../../../src/platform/index.ts";

it("digests a text as its bytes", async () => {
  expect(toHex(await sha256("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(toHex(await sha256("ä"))).toBe(toHex(await sha256(new Uint8Array([0xc3, 0xa4]))));
});

it("tells equal secrets from others, wherever they differ", async () => {
  expect(await isSameSecret("a secret", "a secret")).toBe(true);
  expect(await isSameSecret("", "")).toBe(true);
  const others = ["A secret", "a secreT", "a secret ", "a secre", "", "a secretq"];
  for (const other of others) expect([other, await isSameSecret("a secret", other)]).toEqual([other, false]);
  // The digest of the one begins like that of the secret, the other's ends like it.
  for (const near of ["secret 56", "secret 343"])
    expect([near, await isSameSecret("a secret", near)]).toEqual([near, false]);
});
