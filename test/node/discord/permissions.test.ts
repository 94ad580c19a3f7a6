import { PermissionFlagsBits } from "discord-api-types/v10";
import { expect, it } from "vitest";
import { hasPermissions, type PermissionName, permissionBits } from "../../../src/discord/index.ts";

it("names permission bits as discord-api-types does", () => {
  for (const [name, bit] of Object.entries(PermissionFlagsBits)) {
    if (name !== "ManageEmojisAndStickers") expect([name, permissionBits(name as PermissionName)]).toEqual([name, bit]);
  }
});

it("reads permissions past 2^53, and lets administrators do everything", () => {
  const held = String(permissionBits("BypassSlowmode", "KickMembers"));
  expect(hasPermissions(held, "BypassSlowmode")).toBe(true);
  expect(hasPermissions(held, "BypassSlowmode", "BanMembers")).toBe(false);
  expect(hasPermissions(String(permissionBits("Administrator")), "BanMembers")).toBe(true);
  for (const name of ["CreateInstantInvite", "ViewChannel"] as const)
    expect(hasPermissions(undefined, name)).toBe(false);
  expect(hasPermissions("0")).toBe(true);
});
