import { describe, expect, it } from "vitest";
import { base64url, fromBase64, fromHex, toBase64, toHex } from "../../../src/platform/index.ts";

const all = Uint8Array.from({ length: 256 }, (_, index) => index);
const hex = Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A Node of version 24 has none of these. */
const natives = [
  [Uint8Array, "fromHex"],
  [Uint8Array, "fromBase64"],
  [Uint8Array.prototype, "toHex"],
  [Uint8Array.prototype, "toBase64"],
] as const;

describe.each([["as the platform does"], ["where the platform does not"]])("%s", (how) => {
  function prepare(): () => void {
    if (how !== "where the platform does not") return () => {};
    const kept = natives.map(([owner, name]) => [owner, name, Reflect.getOwnPropertyDescriptor(owner, name)] as const);
    for (const [owner, name] of kept) Reflect.deleteProperty(owner, name);
    return () => {
      for (const [owner, name, descriptor] of kept) if (descriptor) Reflect.defineProperty(owner, name, descriptor);
    };
  }

  it(`writes and reads every byte, ${how}`, () => {
    const restore = prepare();
    try {
      expect([toHex(all), fromHex(hex), fromHex(hex.toUpperCase())]).toEqual([hex, all, all]);
      const text = toBase64(all);
      expect([fromBase64(text), text.length]).toEqual([all, 344]);
      expect(toBase64(new Uint8Array([0xfb, 0xff, 0xfe, 1]))).toBe("+//+AQ==");
      expect(base64url(new Uint8Array([0xfb, 0xff, 0xfe, 1]))).toBe("-__-AQ");
      expect([toHex(new Uint8Array()), fromHex(""), base64url(new Uint8Array())]).toEqual(["", new Uint8Array(), ""]);
    } finally {
      restore();
    }
  });
});
