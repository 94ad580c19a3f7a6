import { expect, it } from "vitest";
import { urlIn } from "../../../../local/deployment/wrangler.ts";

it.each([
  [["https://sandpiper.tide.workers.dev", "schedule: * * * * *"], "https://sandpiper.tide.workers.dev"],
  [["bot.example.com (custom domain)", "schedule: * * * * *"], "https://bot.example.com"],
  [["https://sandpiper.tide.workers.dev", "bot.example.com (custom domain)"], "https://bot.example.com"],
  [["bot.example.com/* (zone name: example.com)"], "https://bot.example.com"],
])("finds the address in %j", (targets, url) => {
  expect(urlIn(targets)).toBe(url);
});

it.each([[[]], [["schedule: * * * * *"]], [["*.example.com/bot/* (zone id: 1)"]], [["example.com/bot/*"]]])(
  "says how to give the address where there is none in %j",
  (targets) => {
    expect(() => urlIn(targets)).toThrow("npm run setup -- --url");
  },
);
