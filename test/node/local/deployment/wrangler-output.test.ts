import { expect, it } from "vitest";
import { deployedIn, urlIn } from "../../../../local/deployment/wrangler-output.ts";

it.each([
  [["https://sandpiper.tide.workers.dev", "schedule: * * * * *"], "https://sandpiper.tide.workers.dev"],
  [["bot.example.com (custom domain)", "schedule: * * * * *"], "https://bot.example.com"],
  [["https://sandpiper.tide.workers.dev", "bot.example.com (custom domain)"], "https://bot.example.com"],
  [["bot.example.com/* (zone name: example.com)"], "https://bot.example.com"],
  [["http://bot.example.com/"], "https://bot.example.com"],
  [["first.example.com", "second.example.com"], "https://first.example.com"],
  [["...and 3 more.example.com", "event triggers: a.example.com", "bot.example.com"], "https://bot.example.com"],
])("finds the address in %j", (targets, url) => {
  expect(urlIn(targets)).toBe(url);
});

it.each([[[]], [["schedule: * * * * *"]], [["*.example.com/bot/* (zone id: 1)"]], [["example.com/bot/*"]]])(
  "says how to give the address where there is none in %j",
  (targets) => {
    expect(() => urlIn(targets)).toThrow("npm run setup -- --url");
  },
);

const deployed = { type: "deploy", targets: ["https://curlew.tide.workers.dev"], version_id: "v1" };
const lines = (...entries: object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

it("reads the address and the version of a deployment among what wrangler tells", () => {
  const output = lines({ type: "wrangler-session" }, deployed);
  expect(deployedIn(output, 0, undefined)).toEqual({ url: "https://curlew.tide.workers.dev", versionId: "v1" });
  expect(deployedIn(`${output}{"type":`, 0, undefined).versionId).toBe("v1");
});

it("takes the address that the person gives rather than wrangler's", () => {
  expect(deployedIn(lines(deployed), 0, "https://bot.example.com").url).toBe("https://bot.example.com");
  expect(deployedIn(lines({ type: "deploy" }), 0, "https://bot.example.com")).toEqual({
    url: "https://bot.example.com",
    versionId: "",
  });
});

it("says how to give the address where wrangler names no target", () => {
  expect(() => deployedIn(lines({ type: "deploy" }), 0, undefined)).toThrow("npm run setup -- --url");
});

it.each([
  ["no output", "", 1],
  ["an exit code", lines(deployed), 1],
  ["no deployment", lines({ type: "wrangler-session" }), 0],
])("does not take %s for a deployment", (_, output, code) => {
  expect(() => deployedIn(output, code, undefined)).toThrow(
    "wrangler could not deploy.\nWhat it printed above says why. Correct that, and run npm run setup again",
  );
});

it.each([
  ["its code", { code: 10_000, message: "A request to the Cloudflare API failed." }, true],
  ["a login that failed", { message: "You are not logged in." }, true],
  ["a login that is missing", { message: "Please log in." }, true],
  ["a variable that is missing", { message: "it's necessary to set a CLOUDFLARE_API_TOKEN" }, true],
  ["a refusal", { message: "Authentication error" }, true],
  ["another mistake", { code: 10_021, message: "Build failed" }, false],
])("knows by %s whether the person has to log in", (_, failure, isLogin) => {
  const output = lines({ type: "wrangler-session", message: "log in" }, { type: "command-failed", ...failure });
  expect(() => deployedIn(output, 1, undefined)).toThrow(
    expect.objectContaining({
      problem: `wrangler could not deploy: ${failure.message}`,
      cure: expect.stringContaining(isLogin ? "npx wrangler login" : "What it printed above"),
    }),
  );
});
