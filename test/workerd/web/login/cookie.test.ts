import { expect, it } from "vitest";
import { cookieFor, cookieIn } from "../../../../src/web/login/cookie.ts";

const request = (url: string, cookie?: string) =>
  new Request(url, { headers: cookie === undefined ? {} : { Cookie: cookie } });

it.each(["https://bot.test", "https://localhost", "http://bot.test", "http://localhost.test", "http://127.0.0.2"])(
  "is bound to its host and to a secure connection at %s",
  (url) => {
    expect(cookieFor(request(url), "a", 61_999)).toBe(
      "__Host-sandpiper=a; Path=/; HttpOnly; SameSite=Lax; Max-Age=61; Secure",
    );
    expect(cookieIn(request(url, "sandpiper=a"))).toBeUndefined();
    expect(cookieIn(request(url, "__Host-sandpiper=a"))).toBe("a");
  },
);

it.each(["http://localhost:8787", "http://127.0.0.1", "http://[::1]:80"])(
  "does without on the developer's machine, at %s",
  (url) => {
    expect(cookieFor(request(url), "a", 1_000)).toBe("sandpiper=a; Path=/; HttpOnly; SameSite=Lax; Max-Age=1");
    expect(cookieIn(request(url, "__Host-sandpiper=a"))).toBeUndefined();
    expect(cookieIn(request(url, "sandpiper=a"))).toBe("a");
  },
);

it("is taken back by an empty value", () => {
  expect(cookieFor(request("https://bot.test"), "", 1_000)).toContain("=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0;");
});

it.each([
  ["a=b; __Host-sandpiper=x=y ;c=d", "x=y"],
  ["__Host-sandpiper=first; __Host-sandpiper=second", "first"],
  [" __Host-sandpiper=x", "x"],
  ["__Host-sandpiper=", ""],
  ["__Host-sandpiper", undefined],
  ["__Host-sandpiperx=1; x__Host-sandpiper=2; a=__Host-sandpiper=3", undefined],
  [undefined, undefined],
])("is found in %j", (cookie, value) => {
  expect(cookieIn(request("https://bot.test", cookie))).toBe(value);
});
