import { expect, it } from "vitest";
import { labelOf, logins, rotateAfterMs } from "../../../../src/web/login/login-kind.ts";

const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  [`${windows} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge on Windows"],
  [`${windows} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Windows"],
  [`${windows} Chrome/140.0.0.0 Safari/537.36 OPR/120.0`, "Opera on Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  ["Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on macOS"],
  ["Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0", "Chrome on ChromeOS"],
  ["Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPad"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"],
  ["curl/8.0 Windows", "A browser on Windows"],
  ["Firefox/140.0", "Firefox"],
  ["", "A browser"],
])("names the browser in %j", (userAgent, label) => {
  expect(labelOf(userAgent)).toBe(label);
});

it("lasts twelve hours unused and a week at most, and has a new secret each hour", () => {
  const hour = 3_600_000;
  expect([logins.ttlMs, logins.lifetimeMs, rotateAfterMs]).toEqual([12 * hour, 168 * hour, hour]);
});

it.each([null, "label", 7, {}, { label: 7 }, [], { name: "x" }])("takes no login such as %j", async (value) => {
  await expect(logins.read(JSON.stringify(value), 1)).rejects.toThrow("is no login");
});

it("takes a login with a label", async () => {
  expect(await logins.read('{"label":"Firefox"}', 1)).toEqual({ label: "Firefox" });
});
