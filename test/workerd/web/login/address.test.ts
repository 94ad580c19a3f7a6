import { expect, it } from "vitest";
import { networkOf } from "../../../../src/web/login/address.ts";

const network = (address?: string) =>
  networkOf(new Request("https://bot.test", { headers: address === undefined ? {} : { "CF-Connecting-IP": address } }));

it.each([
  ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6"],
  ["2001:db8:1:2::1", "2001:DB8:1:2::ffff"],
  ["2001:db8::1", "2001:db8:0:0:9::1"],
  ["2001:db8::", "2001:db8::5:6:7"],
  ["::1", "0:0:0:0:1::"],
  ["192.0.2.1", "::FFFF:192.0.2.1"],
  ["1::5:6:7:8:9:a", "1:0:5:6:1:2:3:4"],
])("takes %s and %s for one network", async (one, other) => {
  expect(await network(one)).toBe(await network(other));
});

it.each([
  ["2001:db8:1:2::1", "2001:db8:1:3::1"],
  ["2001:db8:1::1", "2001:db8:1:1::1"],
  ["::1:2:3:4:5:6:7", "::2:2:3:4:5:6:7"],
  ["2001:db8::1", "::1"],
  ["192.0.2.1", "192.0.2.2"],
  ["192.0.2.1", "192.0.3.1"],
  ["192.0.2.1", undefined],
])("tells %s from %s", async (one, other) => {
  expect(await network(one)).not.toBe(await network(other));
});

it("returns a short text that does not show the address", async () => {
  expect(await network("192.0.2.1")).toMatch(/^[\w-]{22}$/);
  expect(await network("192.0.2.1")).not.toContain("192");
  expect(await network()).toBe(await network("unknown"));
});
